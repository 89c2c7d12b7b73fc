/* model: a step as the editor holds it. */
import type { Item } from "@/api/client";

type Chain = Item<"GET /escalation-chains">;
export type Step = NonNullable<Chain["steps"]>[number];

export const MARKS = ["25", "50", "60", "70", "75", "80", "90", "95", "100"];

export const newStep = (): Step => ({
  who: "permission_set",
  set_key: "duty_lead",
  people: [],
  portal: true,
  mail: true,
  webhook: false,
  delay_minutes: 10,
  from_mark: 50,
  hours: "always",
});
