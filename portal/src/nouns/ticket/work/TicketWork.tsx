/* TicketWork: what is kept beside the words of a case, one read for all of it. Checklist and time are the provider's
 * own: the server gives customers none of them. */
import type { Item, Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { Checklist } from "./Checklist";
import { Computers } from "./Computers";
import { Relations } from "./Relations";
import { TimeSpent } from "./TimeSpent";
import { Watchers } from "./Watchers";

export type Ticket = Item<"GET /tickets">;
export type Work = Out<"GET /tickets/{id}/work">;

export interface WorkProps {
  ticket: Ticket;
  work: Work;
}

export default function TicketWork({ ticket }: { ticket: Ticket }) {
  const { isProvider, session } = useSession();
  const work = useRead("GET /tickets/{id}/work", { path: { id: ticket.id } });
  if (!work.data) return null;
  const isInside = isProvider && !session?.acting_tenant;
  const props = { ticket, work: work.data };
  return (
    <>
      {isInside && <Checklist {...props} />}
      <Relations {...props} />
      <Computers {...props} />
      <Watchers {...props} />
      {isInside && <TimeSpent {...props} />}
    </>
  );
}
