/* tones: how far a hunt is, as it looks. */
import type { Tone } from "@/ui/StatusBadge";

export const HUNT_TONES: Record<string, Tone> = {
  waiting: "mute",
  running: "info",
  done: "ok",
  cancelled: "mute",
  failed: "bad",
};
