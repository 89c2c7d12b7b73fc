/* WaitingDocuments: what waits for the reader's word, where a day begins. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { To } from "@/ui/To";
import classes from "./Documents.module.css";
import { DocumentState } from "./DocumentState";

export default function WaitingDocuments() {
  const { t, value } = useText();
  const waiting = useRead("GET /ticket-documents", {
    query: { awaits_me: true, sort: "created_at", limit: 20 } as never,
  });
  if (!waiting.data?.items.length) return null;
  return (
    <Section title={t("document.waiting")} lead={t("document.waiting_lead")} flush>
      <ul className={classes.list}>
        {waiting.data.items.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.name}>
              <To to={`/tickets/${one.ticket_id}`} fw={600}>
                {one.title}
              </To>
              <small>
                {one.reference} {one.subject}
                {" · "}
                {value("document_kind", one.kind)}
                {" · "}
                <RelativeTime at={one.created_at} />
              </small>
            </span>
            <DocumentState of={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
