/* views: the questions people ask of the list of cases, in the language of the list. Those with a count are answered by
 * GET /tickets/home under the same key. */
import type { SortOf } from "@/api/client";

export const OPEN = ["new", "in_progress", "waiting_customer", "waiting_third_party"];
export const OVER = ["resolved", "closed", "declined"];

export interface View {
  key: string;
  query: string;
  sort: SortOf<"GET /tickets">;
}

/* Premium support ranks above ordinary inquiries; among equals the one that is due first. */
const BY_RANK = "-priority,due_at" as View["sort"];

export const QUEUE: View[] = [
  { key: "due", query: "status:open due:any -is:snoozed", sort: BY_RANK },
  { key: "unassigned", query: "status:open assignee:none -is:snoozed", sort: BY_RANK },
  { key: "answer", query: "status:open assignee:me awaits:us -is:snoozed", sort: BY_RANK },
  { key: "mentions", query: "mention:new", sort: "-last_post_at" },
  { key: "mine", query: "status:open assignee:me -is:snoozed", sort: BY_RANK },
  { key: "ours", query: "status:open awaits:us", sort: BY_RANK },
  { key: "snoozed", query: "status:open is:snoozed", sort: BY_RANK },
];

export const OWN: View[] = [
  { key: "open", query: "status:open", sort: "-updated_at" },
  { key: "answer", query: "status:open awaits:us", sort: "-last_post_at" },
  { key: "mentions", query: "mention:new", sort: "-last_post_at" },
  { key: "over", query: "status:over", sort: "-updated_at" },
];

export const ALL: View = { key: "all", query: "", sort: "-updated_at" };

export const viewOf = (views: View[], query: string): View | undefined =>
  [...views, ALL].find((view) => view.query === query);
