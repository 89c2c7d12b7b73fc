import { useMemo } from "react";
import { call, type FilterOf, type Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useBulkVerbs } from "@/ui/useBulkVerbs";

type Mail = Item<"GET /mails">;

const FILTERS: Filter<FilterOf<"GET /mails">>[] = [
  { field: "state", kind: "words", words: ["queued", "sent", "failed", "kept"], domain: "mail_state" },
  { field: "tenant_id", kind: "lookup" },
  { field: "created_at", kind: "period" },
];

export default function MailsPage() {
  const { t, value, language } = useText();
  const { may } = useSession();
  const bulk = useBulkVerbs<Mail>("mails", (row) => row.subject ?? row.id, [
    {
      key: "retry",
      label: t("mail.retry"),
      isPossible: (row) => row.can?.includes("retry") ?? false,
      run: (row) => call("POST /mails/{id}/retry", { path: { id: row.id } }),
    },
  ]);
  const columns = useMemo<Column<Mail>[]>(
    () => [
      { id: "subject", cell: (row) => row.subject },
      {
        id: "to_address",
        cell: (row) => (
          <TwoLines first={row.to_name || row.to_address} second={row.to_name ? row.to_address : null} />
        ),
      },
      { id: "state", cell: (row) => <StatusBadge field="mail_state" word={row.state} /> },
      { id: "tenant_name", cell: (row) => row.tenant_name },
      { id: "created_at", cell: (row) => <RelativeTime at={row.created_at} /> },
      { id: "sent_at", isExtra: true, cell: (row) => <RelativeTime at={row.sent_at} /> },
      { id: "attempts", align: "right", isExtra: true, cell: (row) => row.attempts },
      {
        id: "kind",
        label: t("field.template"),
        isExtra: true,
        cell: (row) => <span className="y-mono">{row.kind}</span>,
      },
      { id: "language", isExtra: true, cell: (row) => value("language", row.language) },
      { id: "next_attempt_at", isExtra: true, cell: (row) => <RelativeTime at={row.next_attempt_at} /> },
      { id: "answer", isExtra: true, cell: (row) => row.answer },
    ],
    [language],
  );
  return (
    <Page title={t("page.mails")} lead={t("mail.lead")}>
      <DataTable
        name="mails"
        noun="mail"
        route="GET /mails"
        columns={columns}
        filters={FILTERS}
        searchHint={t("mail.search")}
        sort="-created_at"
        open={(row) => `/mails/${row.id}`}
        bulk={may("mail:use") ? bulk.actions : undefined}
        empty={{ title: t("mail.empty"), hint: t("mail.empty_hint") }}
      />
      {bulk.dialog}
    </Page>
  );
}
