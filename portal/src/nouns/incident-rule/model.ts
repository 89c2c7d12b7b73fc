import type { Body, Item } from "@/api/client";

export type IncidentRule = Item<"GET /incident-rules">;
/** What the form is for: a new rule, one like another for one customer, or one that is there. */
export type Begin = { kind: "new" } | { kind: "own"; rule: IncidentRule } | { kind: "change"; rule: IncidentRule };

const WORDS = [
  "name",
  "name_ja",
  "enabled",
  "position",
  "min_score",
  "sum_score",
  "min_detections",
  "min_tactics",
  "tactic_order",
  "min_computers",
  "correlation",
  "rule_keys",
  "gather_by",
  "window_minutes",
  "severity",
] as const;

/* What a change sends of a rule as it stands: conditions that are not asked stay away. */
export const wordsOf = (rule: IncidentRule) =>
  Object.fromEntries(
    WORDS.map((name) => [name, rule[name]] as const).filter(([, word]) => word !== null && word !== undefined),
  ) as unknown as Body<"PUT /incident-rules/{id}">;
