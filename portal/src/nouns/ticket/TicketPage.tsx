/* TicketPage: one case: what it is about, what was said, how its promises stand, and what can be done. */
import { Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { ClockDue } from "@/ui/ClockDue";
import { Markdown } from "@/ui/Markdown";
import { useParam, useWords } from "@/ui/nav";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import { ByMail } from "./ByMail";
import { Conversation } from "./Conversation";
import { SeverityMark } from "./SeverityMark";
import { TicketClocks } from "./TicketClocks";
import { TicketFacts } from "./TicketFacts";
import classes from "./TicketPage.module.css";
import { TicketStatus } from "./TicketStatus";
import { TicketVerbs } from "./TicketVerbs";

const Answers = lazy(() => import("./work/Answers"));
const Documents = lazy(() => withText(["document"], import("../document/Documents")));
const TicketHistory = lazy(() => withText(["history"], import("./history/TicketHistory")));
const TicketWork = lazy(() => withText(["work"], import("./work/TicketWork")));
const TicketCalls = lazy(() => withText(["calls"], import("./TicketCalls")));
const SeverityWish = lazy(() => import("./SeverityWish"));
const AttachmentArea = lazy(() => withText(["file"], import("@/nouns/attachment/AttachmentArea")));
const Escalations = lazy(() => withText(["escalation"], import("./TicketEscalations")));
const Merged = lazy(() => withText(["work"], import("./work/Merged")));

type Ticket = Item<"GET /tickets">;

export default function TicketPage() {
  const { t } = useText();
  const { isProvider } = useSession();
  const ticket = useRead("GET /tickets/{id}", { path: { id: useParam("id") } });
  return (
    <Page
      title={ticket.data?.subject ?? t("page.ticket")}
      back={{ to: "/tickets", title: t(isProvider ? "page.tickets" : "ticket.own_title") }}
      lead={ticket.data && <Lead ticket={ticket.data} />}
      actions={ticket.data && <TicketVerbs key={ticket.data.id} ticket={ticket.data} />}
    >
      <Loaded of={ticket}>{(data) => <Body key={data.id} ticket={data} />}</Loaded>
    </Page>
  );
}

function Lead({ ticket }: { ticket: Ticket }) {
  const { isProvider } = useSession();
  return (
    <span className={classes.lead}>
      <b className="y-num">{ticket.reference}</b>
      <TicketStatus word={ticket.status} />
      <SeverityMark of={ticket} />
      {ticket.due_at && <ClockDue due={ticket.due_at} since={ticket.due_from} />}
      {isProvider && <span>{ticket.tenant_name}</span>}
      {ticket.snoozed_until && <Snoozed until={ticket.snoozed_until} />}
    </span>
  );
}

function Snoozed({ until }: { until: string }) {
  const { t } = useText();
  const clock = useClock();
  return (
    <StatusBadge
      field="snooze"
      word="snoozed"
      label={t("ticket.snooze.until_at", { at: clock.exact(until) })}
    />
  );
}

function Body({ ticket }: { ticket: Ticket }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const [{ merged }] = useWords();
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {(ticket.merged_into_id || merged) && (
          <Suspense>
            <Merged ticket={ticket} />
          </Suspense>
        )}
        {isProvider && (
          <Suspense>
            <SeverityWish ticketId={ticket.id} />
          </Suspense>
        )}
        {ticket.close_reason && <Outcome ticket={ticket} />}
        <Section title={t("ticket.description")}>
          <Text size="xs" c="dimmed" mb={8} component="div">
            {ticket.requester_name}
            {" · "}
            <RelativeTime at={ticket.opened_at} /> {ticket.by_mail && <ByMail />}
          </Text>
          <Markdown text={ticket.description} />
          {ticket.answers.length > 0 && (
            <Suspense>
              <Answers ticket={ticket} />
            </Suspense>
          )}
        </Section>
        <Suspense>
          <Documents ticket={ticket} />
        </Suspense>
        <Conversation ticket={ticket} />
      </div>
      <div className={classes.side}>
        {isProvider && (
          <Suspense>
            <Escalations id={ticket.id} />
          </Suspense>
        )}
        <TicketClocks ticket={ticket} />
        <Suspense>
          <AttachmentArea ticket={ticket} />
        </Suspense>
        <TicketFacts ticket={ticket} />
        <Suspense>
          <TicketCalls ticket={ticket} />
        </Suspense>
        <Suspense>
          <TicketWork ticket={ticket} />
        </Suspense>
        <Suspense>
          <TicketHistory ticket={ticket} />
        </Suspense>
      </div>
    </div>
  );
}

/* How it ended, in the words of who ended it. */
function Outcome({ ticket }: { ticket: Ticket }) {
  const { value } = useText();
  return (
    <div className={classes.outcome} data-status={ticket.status}>
      <b>{value("ticket_status", ticket.status)}</b>
      <Markdown text={ticket.close_reason ?? ""} />
    </div>
  );
}
