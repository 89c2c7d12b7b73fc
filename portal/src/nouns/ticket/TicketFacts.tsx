import type { ReactNode } from "react";
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import classes from "./TicketPage.module.css";

export function TicketFacts({ ticket }: { ticket: Item<"GET /tickets"> }) {
  const { t, field, value } = useText();
  const changed = ticket.severity_proposed !== ticket.severity && ticket.severity_proposed;
  const facts: Array<[string, ReactNode]> = [
    [field("requester_name", "ticket"), ticket.requester_name],
    [field("assignee_name", "ticket"), ticket.assignee_name ?? t("ticket.nobody")],
    [field("category", "ticket"), ticket.category],
    [field("opened_at", "ticket"), <RelativeTime key="opened" at={ticket.opened_at} />],
  ];
  if (ticket.incident_id)
    facts.push([
      field("incident", "ticket"),
      <To key="incident" to={`/incidents/${ticket.incident_id}`}>
        {ticket.incident}
      </To>,
    ]);
  if (ticket.team) facts.push([field("team", "ticket"), ticket.team]);
  if (ticket.tags?.length)
    facts.push([field("tags", "ticket"), <Tags key="tags" of={ticket.tags} max={20} />]);
  if (ticket.cycle > 1) facts.push([field("cycle", "ticket"), t("ticket.times", { n: ticket.cycle - 1 })]);
  if (changed) facts.push([field("severity_proposed", "ticket"), value("severity", changed)]);
  return (
    <Section title={t("ticket.facts")}>
      <dl className={classes.facts}>
        {facts.map(([label, fact]) => (
          <Pair key={label} label={label} fact={fact} />
        ))}
        {ticket.severity_reason && (
          <>
            <dt className={classes.wide}>{field("severity_reason", "ticket")}</dt>
            <dd className={classes.wide}>{ticket.severity_reason}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

const Pair = ({ label, fact }: { label: string; fact: ReactNode }) => (
  <>
    <dt>{label}</dt>
    <dd>{fact}</dd>
  </>
);
