/* StatusBadge: a word of a domain with a tone. Each tone has a shape of its own, so that nobody needs the colour. */
import { useText } from "@/text";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconInfo,
  type Icon,
} from "./icons";
import classes from "./StatusBadge.module.css";

export type Tone = "ok" | "warn" | "bad" | "info" | "mute";

const SHAPES: Record<Tone, Icon> = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfo,
  mute: IconCircleDashed,
};

const TONES: Record<string, Tone> = {
  active: "ok",
  sent: "ok",
  ok: "ok",
  done: "ok",
  green: "ok",
  success: "ok",
  enabled: "ok",
  delivered: "ok",
  posted: "ok",
  opened: "ok",
  invited: "info",
  onboarding: "info",
  queued: "info",
  ready: "info",
  running: "info",
  sending: "info",
  blue: "info",
  suspended: "warn",
  held: "warn",
  waiting: "warn",
  yellow: "warn",
  retrying: "warn",
  refused: "warn",
  denied: "warn",
  failed: "bad",
  dead: "bad",
  red: "bad",
  revoked: "bad",
  error: "bad",
  expired: "warn",
  locked: "warn",
  new: "info",
  in_progress: "info",
  waiting_customer: "warn",
  resolved: "ok",
};

export const toneOf = (word: string): Tone => TONES[word] ?? "mute";

export function StatusBadge({
  field,
  word,
  tone,
  label,
}: {
  field: string;
  word: string | null | undefined;
  tone?: Tone;
  label?: string;
}) {
  const { value } = useText();
  if (!word) return null;
  const chosen = tone ?? toneOf(word);
  const Shape = SHAPES[chosen];
  return (
    <span className={classes.badge} data-tone={chosen}>
      <Shape size={13} stroke={2} aria-hidden />
      {label ?? value(field, word)}
    </span>
  );
}
