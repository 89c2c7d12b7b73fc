/* standing: how a source of reputation fares, in a word and in a sentence. */
import { useText } from "@/text";
import type { Tone } from "@/ui/StatusBadge";

interface Fares {
  enabled?: boolean | null;
  paused_until?: string | null;
  trouble?: string | null;
  answered_at?: string | null;
}

type Standing = "off" | "paused" | "trouble" | "answers" | "new";
export const TONES: Record<Standing, Tone> = {
  off: "mute",
  paused: "warn",
  trouble: "bad",
  answers: "ok",
  new: "info",
};

export function standingOf(source: Fares): Standing {
  if (!source.enabled) return "off";
  if (source.paused_until && new Date(source.paused_until) > new Date()) return "paused";
  if (source.trouble) return "trouble";
  return source.answered_at ? "answers" : "new";
}

/* What the server wrote down, in the reader's language where it is one of the usual troubles. */
export function useTrouble() {
  const { t } = useText();
  return (trouble: string): string => {
    const status = /^it answered (\d+)$/.exec(trouble)?.[1];
    if (status === "401" || status === "403") return t("reputation.trouble.key", { status });
    if (status) return t("reputation.trouble.status", { status });
    if (trouble === "it says that it was asked too often") return t("reputation.trouble.too_often");
    return t("reputation.trouble.other", { why: trouble });
  };
}
