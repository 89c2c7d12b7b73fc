import type { Tone } from "@/ui/StatusBadge";

export const STATUS_TONE: Record<string, Tone> = { open: "bad", in_progress: "info", waiting: "warn", closed: "ok" };
