import type { Tone } from "@/ui/StatusBadge";

export const STATES = ["draft", "testing", "active", "retired"] as const;
export type RuleState = (typeof STATES)[number];
export const STATE_TONES: Record<RuleState, Tone> = { draft: "mute", testing: "info", active: "ok", retired: "mute" };

export const titleOf = (row: { title: string; title_ja?: string | null }, language: string) =>
  (language === "ja" && row.title_ja) || row.title;
