import type { Item, Out } from "@/api/client";

export type Detection = Item<"GET /detections">;
export type DetectionSeen = Out<"GET /detections/{id}">;
export const VERDICTS = ["true_positive", "false_positive", "expected", "test"] as const;
export const TACTICS = [
  "reconnaissance",
  "resource_development",
  "initial_access",
  "execution",
  "persistence",
  "privilege_escalation",
  "defense_evasion",
  "credential_access",
  "discovery",
  "lateral_movement",
  "collection",
  "command_and_control",
  "exfiltration",
  "impact",
] as const;

/* In the reader's language, where the rule says it in both. */
export const titleOf = (row: { title: string; title_ja?: string | null }, language: string) =>
  (language === "ja" && row.title_ja) || row.title;
