/* tones: how the states of endpoints and deliveries look. */
import type { Tone } from "@/ui/StatusBadge";

export const STATE_TONES: Record<string, Tone> = { active: "ok", paused: "mute", disabled: "bad" };
export const DELIVERY_TONES: Record<string, Tone> = { delivered: "ok", waiting: "warn", failed: "bad" };
