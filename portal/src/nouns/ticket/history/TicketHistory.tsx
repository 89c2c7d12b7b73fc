/* TicketHistory: the last of what happened in a case, and the way to all of it. */
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Loaded, Section } from "@/ui/Page";
import { To } from "@/ui/To";
import classes from "./History.module.css";
import { HistoryLines } from "./HistoryLines";

const SHOWN = 5;

export default function TicketHistory({ ticket }: { ticket: Item<"GET /tickets"> }) {
  const { t } = useText();
  const lines = useRead("GET /tickets/{id}/history", {
    path: { id: ticket.id },
    query: { limit: SHOWN } as never,
  });
  return (
    <Section
      title={t("history.title")}
      flush
      actions={
        <To to={`/tickets/${ticket.id}/history`} size="sm">
          {t("history.whole")}
        </To>
      }
    >
      <div className={classes.narrow}>
        <Loaded of={lines}>{(data) => <HistoryLines lines={data.items} />}</Loaded>
      </div>
    </Section>
  );
}
