/* MailArrivalsPage: what came by mail, and what became of it; above all what was refused, so that nothing is lost
 * unseen. */
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useText } from "@/text";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { To } from "@/ui/To";

type Arrival = Item<"GET /mail-arrivals">;

const REASONS = [
  "stranger",
  "no_case",
  "closed",
  "automatic",
  "provider",
  "may_not",
  "inactive",
  "empty",
  "not_possible",
  "no_sender",
  "own",
  "unreadable",
];
const FILTERS: Filter<FilterOf<"GET /mail-arrivals">>[] = [
  { field: "state", kind: "words", words: ["refused", "posted", "opened", "quiet"], domain: "arrival_state" },
  { field: "reason", kind: "words", words: REASONS, domain: "arrival_reason" },
  { field: "tenant_id", kind: "lookup" },
  { field: "arrived_at", kind: "period" },
];

export default function MailArrivalsPage() {
  const { t, value, language } = useText();
  const columns = useMemo<Column<Arrival>[]>(
    () => [
      { id: "subject", cell: (row) => <TwoLines first={row.subject} second={row.excerpt} /> },
      {
        id: "from_address",
        cell: (row) => (
          <TwoLines first={row.from_name || row.from_address} second={row.from_name ? row.from_address : null} />
        ),
      },
      {
        id: "state",
        cell: (row) => <StatusBadge field="arrival_state" word={row.state} />,
      },
      { id: "reason", cell: (row) => row.reason && value("arrival_reason", row.reason) },
      {
        id: "reference",
        label: t("arrival.case"),
        cell: (row) => row.ticket_id && (
            <To to={`/tickets/${row.ticket_id}`}>
              <span className="y-num">{row.reference}</span>
            </To>
          ),
      },
      { id: "tenant_name", cell: (row) => row.tenant_name },
      { id: "arrived_at", cell: (row) => <RelativeTime at={row.arrived_at} /> },
      { id: "detail", isExtra: true, cell: (row) => row.detail },
      { id: "automatic", isExtra: true, cell: (row) => row.automatic },
      { id: "bytes", align: "right", isExtra: true, cell: (row) => row.bytes },
      {
        id: "message_id",
        isExtra: true,
        cell: (row) => <span className="y-mono">{row.message_id}</span>,
      },
    ],
    [language],
  );
  return (
    <Page title={t("page.mail_arrivals")} lead={t("arrival.lead")}>
      <DataTable
        name="mail_arrivals"
        noun="arrival"
        route="GET /mail-arrivals"
        columns={columns}
        filters={FILTERS}
        searchHint={t("arrival.search")}
        sort="-arrived_at"
        empty={{ title: t("arrival.empty"), hint: t("arrival.empty_hint") }}
      />
    </Page>
  );
}
