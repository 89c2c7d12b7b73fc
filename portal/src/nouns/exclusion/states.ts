import type { Tone } from "@/ui/StatusBadge";

export const STATES = ["draft", "waiting", "active", "rejected", "ended"] as const;
export type ExclusionState = (typeof STATES)[number];
export const STATE_TONES: Record<ExclusionState, Tone> = {
  draft: "mute",
  waiting: "warn",
  active: "ok",
  rejected: "bad",
  ended: "mute",
};
