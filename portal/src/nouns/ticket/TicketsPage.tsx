/* TicketsPage: for engineers the queue of all customers in the order of what is due, for customers their own cases. */
import { Group } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ClockDue } from "@/ui/ClockDue";
import { IconPlus } from "@/ui/icons";
import { useGo, useWords } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import { FilterButton } from "@/ui/table/FilterBar";
import type { Column, Filter } from "@/ui/table/model";
import { useTicketBulk } from "./bulk";
import { useClock } from "@/ui/time";
import { LinkButton } from "./LinkButton";
import { chosenOf, withChosen } from "./query";
import { QueryBox } from "./QueryBox";
import { QuickViews } from "./QuickViews";
import { useMayWrite } from "./rights";
import { SeverityMark } from "./SeverityMark";
import { TicketStatus } from "./TicketStatus";
import classes from "./TicketsPage.module.css";
import { ALL, OPEN, OVER, OWN, QUEUE, viewOf } from "./views";

const Triage = lazy(() => import("./Triage"));
type Ticket = Item<"GET /tickets">;
type Act = { verb: "take" | "severity" | "snooze"; ticket: Ticket };

/* Everything is asked for by a star: an address without a query means the first view. */
const queryOf = (word: string | undefined, first: string) => (word === undefined ? first : word === "*" ? "" : word);

export default function TicketsPage() {
  const { t } = useText();
  const go = useGo();
  const { isProvider } = useSession();
  const { timeZone } = useClock();
  const mayWrite = useMayWrite();
  const [words, change] = useWords();
  const [act, setAct] = useState<Act | null>(null);
  const columns = useColumns(isProvider);
  const bulk = useTicketBulk();
  const views = isProvider ? QUEUE : OWN;
  const query = queryOf(words.query, views[0]!.query);
  const view = viewOf(views, query);
  const ask = (text: string) => change({ query: text || "*" }, true);
  const make = mayWrite && (
    <LinkButton to="/tickets/new" icon={IconPlus}>
      {t("ticket.make")}
    </LinkButton>
  );
  const keys = {
    r: (row: Ticket) => void go(`/tickets/${row.id}`, { write: "customer" }),
    ...(isProvider && {
      n: (row: Ticket) => void go(`/tickets/${row.id}`, { write: "internal" }),
      m: (row: Ticket) => setAct({ verb: "take", ticket: row }),
      s: (row: Ticket) => setAct({ verb: "severity", ticket: row }),
      z: (row: Ticket) => setAct({ verb: "snooze", ticket: row }),
    }),
  };
  return (
    <Page
      title={t(isProvider ? "page.tickets" : "ticket.own_title")}
      lead={t(isProvider ? "ticket.lead_provider" : "ticket.lead_customer")}
      actions={make}
    >
      <QuickViews views={views} current={view} />
      <DataTable
        name="tickets"
        noun="ticket"
        route="GET /tickets"
        columns={columns}
        fixed={{ query: query || undefined, time_zone: query ? timeZone : undefined }}
        bar={
          <Group gap={6} align="flex-start" className={classes.bar}>
            <QueryBox value={query} onAsk={ask} />
            {FILTERS.map((filter) => (
              <FilterButton
                key={filter.field}
                filter={filter}
                value={chosenOf(query, filter.field)}
                onChange={(value) => ask(withChosen(query, filter.field, value))}
              />
            ))}
          </Group>
        }
        keeps={["query"]}
        isNarrowed={!view}
        onWiden={() => change({ query: "*" })}
        keys={mayWrite ? keys : undefined}
        sort={(view ?? ALL).sort}
        open={(row) => `/tickets/${row.id}`}
        bulk={bulk.actions}
        empty={{
          title: t(`ticket.empty.${isProvider ? "queue" : "own"}.${view?.key ?? "all"}`),
          hint: t(isProvider ? "ticket.empty_hint_provider" : "ticket.empty_hint_customer"),
          action: isProvider ? undefined : make,
        }}
      />
      {bulk.dialog}
      {act && (
        <Suspense>
          <Triage verb={act.verb} ticket={act.ticket} onClose={() => setAct(null)} />
        </Suspense>
      )}
    </Page>
  );
}

/* Quick filters write into the same query. */
const FILTERS: Filter[] = [
  { field: "status", kind: "words", domain: "ticket_status", words: ["open", "over", ...OPEN, ...OVER] },
  { field: "severity", kind: "words", words: ["a", "b", "c"] },
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
