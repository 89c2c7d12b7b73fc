/* Merged: the number of a merged case leads to where it goes on, and there it says so. Whoever asks for the merged case
 * alone (?alone=yes) sees it as it ended. */
import { useEffect } from "react";
import { useText } from "@/text";
import { useGo, useWords } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { To } from "@/ui/To";
import type { Ticket } from "./TicketWork";

export default function Merged({ ticket }: { ticket: Ticket }) {
  const { t } = useText();
  const go = useGo();
  const [{ alone, merged }] = useWords();
  const into = ticket.merged_into_id;
  const leads = into && !alone;
  useEffect(() => {
    if (leads) void go(`/tickets/${into}`, { merged: ticket.reference }, true);
  }, [leads, into]);
  if (into)
    return (
      <Note tone="info">
        {t("work.merged_alone", { into: ticket.merged_into })}{" "}
        <To to={`/tickets/${into}`}>{ticket.merged_into}</To>
      </Note>
    );
  return <Note tone="info">{t("work.merged_banner", { from: merged })}</Note>;
}
