/* views: the questions people ask of the list of cases, each as what is asked of the server. */
import type { SortOf } from "@/api/client";

export const OPEN = ["new", "in_progress", "waiting_customer", "waiting_third_party"];
export const OVER = ["resolved", "closed", "declined"];

export interface View {
  key: string;
  sort: SortOf<"GET /tickets">;
  query: Record<string, unknown>;
}

/* Premium support ranks above ordinary inquiries; among equals the one that is due first. */
const BY_RANK = "-priority,due_at" as View["sort"];

export const QUEUE = (personId: string | undefined): View[] => [
  { key: "due", sort: BY_RANK, query: { "due_at.absent": "false" } },
  { key: "unassigned", sort: BY_RANK, query: { "assignee_id.absent": "true", status: OPEN } },
  { key: "ours", sort: BY_RANK, query: { awaits: "provider", status: OPEN } },
  { key: "mine", sort: BY_RANK, query: { assignee_id: personId, status: OPEN } },
  { key: "all", sort: "-updated_at", query: {} },
];

export const OWN: View[] = [
  { key: "open", sort: "-updated_at", query: { status: OPEN } },
  { key: "over", sort: "-updated_at", query: { status: OVER } },
  { key: "all", sort: "-updated_at", query: {} },
];

/* Who looks for words looks everywhere; otherwise the first view is where work begins. */
export const viewOf = (views: View[], key: string | undefined, isSearch: boolean): View =>
  views.find((view) => view.key === key) ?? (isSearch ? views.at(-1)! : views[0]!);

/* "AOBA-42" is looked up as a number people say on the phone; anything else in what was said. */
export const searchOf = (q: string | undefined): Record<string, unknown> =>
  !q || /^[a-z0-9]+-\d*$/i.test(q) ? {} : { q: undefined, words: q };
