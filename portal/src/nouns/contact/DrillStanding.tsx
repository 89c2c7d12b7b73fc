import { StatusBadge, type Tone } from "@/ui/StatusBadge";

const TONES: Record<string, Tone> = { runs: "info", overdue: "bad", finished: "ok" };

export const DrillStanding = ({ word }: { word: string | null | undefined }) => (
  <StatusBadge field="drill_standing" word={word} tone={TONES[word ?? ""]} />
);
