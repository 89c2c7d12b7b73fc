/* bulk: verbs on a selection of cases. What a verb needs is asked once; then the server says per case what would
 * happen, and only then does it. A case that somebody changed meanwhile is refused for itself. */
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import type { BulkAction } from "@/ui/table/model";
import { useMayWrite } from "./rights";

const TicketBulk = lazy(() => withText(["work"], import("./work/TicketBulk")));

export type Ticket = Item<"GET /tickets">;
const INSIDE = ["assign", "tag", "severity", "team", "resolve", "close", "watch"] as const;
const OUTSIDE = ["close", "watch"] as const;
export type BulkVerb = (typeof INSIDE)[number];
const MOVES: string[] = ["resolve", "close"];

export function useTicketBulk(): { actions: BulkAction<Ticket>[] | undefined; dialog: ReactNode } {
  const { t } = useText();
  const { isProvider } = useSession();
  const mayWrite = useMayWrite();
  const [asked, ask] = useState<{ verb: BulkVerb; rows: Ticket[] } | null>(null);
  const verbs: readonly BulkVerb[] = isProvider ? INSIDE : OUTSIDE;
  const actions = verbs.map((verb) => ({
    key: verb,
    label: t(`ticket.bulk.${verb}`),
    appliesTo: (row: Ticket) => !MOVES.includes(verb) || (row.can?.includes(verb) ?? false),
    run: (rows: Ticket[]) => ask({ verb, rows }),
  }));
  const dialog = asked && (
    <Suspense>
      <TicketBulk {...asked} onClose={() => ask(null)} />
    </Suspense>
  );
  return { actions: mayWrite ? actions : undefined, dialog };
}
