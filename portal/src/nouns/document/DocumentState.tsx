import { useText } from "@/text";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import type { CaseDocument } from "./Documents";

const TONES: Record<string, Tone> = { open: "info", accepted: "ok", refused: "bad", withdrawn: "mute" };

export function DocumentState({ of }: { of: CaseDocument }) {
  const { value } = useText();
  const word = of.state === "accepted" ? `accepted_${of.wants}` : of.awaits_me ? "awaits_me" : of.state;
  const tone = of.awaits_me ? "warn" : TONES[of.state ?? "open"];
  return (
    <StatusBadge field="document_state" word={of.state} tone={tone} label={value("document_state", word)} />
  );
}
