/* TicketsPage: for engineers the queue of all customers in the order of what is due, for customers their own cases. */
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ClockDue } from "@/ui/ClockDue";
import { IconPlus } from "@/ui/icons";
import { useWords } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useTicketBulk } from "./bulk";
import { LinkButton } from "./LinkButton";
import { QuickViews } from "./QuickViews";
import { useMayWrite } from "./rights";
import { SeverityMark } from "./SeverityMark";
import { TicketStatus } from "./TicketStatus";
import classes from "./TicketsPage.module.css";
import { OPEN, OVER, OWN, QUEUE, searchOf, viewOf } from "./views";

type Ticket = Item<"GET /tickets">;

export default function TicketsPage() {
  const { t } = useText();
  const { isProvider, person } = useSession();
  const mayWrite = useMayWrite();
  const [words] = useWords();
  const columns = useColumns(isProvider);
  const bulk = useTicketBulk();
  const views = isProvider ? QUEUE(person?.id) : OWN;
  const view = viewOf(views, words.view, Boolean(words.q));
  const fixed: Record<string, unknown> = { ...view.query, ...searchOf(words.q) };
  // A filter that somebody sets wins over the one that the view brings.
  for (const name of ["status", "assignee_id"]) if (words[name]) delete fixed[name];
  const make = mayWrite && (
    <LinkButton to="/tickets/new" icon={IconPlus}>
      {t("ticket.make")}
    </LinkButton>
  );
  return (
    <Page
      title={t(isProvider ? "page.tickets" : "ticket.own_title")}
      lead={t(isProvider ? "ticket.lead_provider" : "ticket.lead_customer")}
      actions={make}
    >
      <QuickViews views={views} current={view.key} q={words.q} />
      <DataTable
        name="tickets"
        noun="ticket"
        route="GET /tickets"
        columns={columns}
        filters={isProvider ? PROVIDER_FILTERS : CUSTOMER_FILTERS}
        fixed={fixed}
        searchHint={t("ticket.search")}
        sort={view.sort}
        open={(row) => `/tickets/${row.id}`}
        bulk={bulk.actions}
        empty={{
          title: t(`ticket.empty.${isProvider ? "queue" : "own"}.${view.key}`),
          hint: t(isProvider ? "ticket.empty_hint_provider" : "ticket.empty_hint_customer"),
          action: isProvider ? undefined : make,
        }}
      />
      {bulk.dialog}
    </Page>
  );
}

const CUSTOMER_FILTERS: Filter<FilterOf<"GET /tickets">>[] = [
  { field: "status", kind: "words", domain: "ticket_status", words: [...OPEN, ...OVER] },
  { field: "severity", kind: "words", words: ["a", "b", "c"] },
  { field: "category_id", kind: "lookup" },
];

const PROVIDER_FILTERS: Filter<FilterOf<"GET /tickets">>[] = [
  { field: "tenant_id", kind: "lookup" },
  ...CUSTOMER_FILTERS,
  { field: "assignee_id", kind: "lookup" },
];

function useColumns(isProvider: boolean): Column<Ticket>[] {
  const { t, field, language } = useText();
  return useMemo(() => {
    const severity = { id: "severity", cell: (row: Ticket) => <SeverityMark of={row} /> };
    const status = { id: "status", cell: (row: Ticket) => <TicketStatus word={row.status} /> };
    const due = { id: "due_at", label: t("ticket.due"), cell: (row: Ticket) => <Due of={row} /> };
    const last = {
      id: "last_post_at",
      label: field("last_post_at", "ticket"),
      cell: (row: Ticket) => <RelativeTime at={row.last_post_at} />,
    };
    const rest: Column<Ticket>[] = [
      { id: "category", cell: (row) => row.category, isExtra: isProvider },
      { id: "requester_name", isExtra: true, cell: (row) => row.requester_name },
      { id: "opened_at", isExtra: true, cell: (row) => <RelativeTime at={row.opened_at} /> },
      { id: "updated_at", isExtra: true, cell: (row) => <RelativeTime at={row.updated_at} /> },
    ];
    const subject = { id: "subject", cell: (row: Ticket) => <Subject of={row} /> };
    if (!isProvider) return [subject, status, severity, due, last, ...rest];
    return [
      subject,
      { id: "tenant_name", label: field("tenant_id"), cell: (row) => row.tenant_name },
      severity,
      status,
      due,
      { id: "assignee_name", cell: (row) => row.assignee_name ?? <Nobody /> },
      last,
      ...rest,
    ];
  }, [isProvider, language]);
}

/* What is new to the reader stands out by a dot, by weight, and in words for who sees neither. */
function Subject({ of }: { of: Ticket }) {
  const { t } = useText();
  return (
    <span
      className={classes.subject}
      data-unread={of.unread || undefined}
      data-over={isOver(of) || undefined}
    >
      <span className={classes.dot}>
        {of.unread && <span className={classes.hidden}>{t("ticket.unread")}</span>}
      </span>
      <span>
        <small className="y-num">
          {of.reference}
          {of.priority > 0 && <span className={classes.premium}>{t("ticket.premium")}</span>}
        </small>
        {of.subject}
      </span>
    </span>
  );
}

const isOver = (ticket: Ticket) => OVER.includes(ticket.status ?? "");

function Due({ of }: { of: Ticket }) {
  if (!of.due_at) return <span className={classes.none}>{"–"}</span>;
  return <ClockDue due={of.due_at} since={of.due_from} />;
}

function Nobody() {
  const { t } = useText();
  return <span className={classes.none}>{t("ticket.nobody")}</span>;
}
