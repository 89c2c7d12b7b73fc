/* CaseTimesPage: on which cases how much time was spent; the entries themselves leave as a file. */
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { download, type FilterOf, type Item } from "@/api/client";
import { useText } from "@/text";
import { saveFile } from "@/ui/files";
import { IconDownload } from "@/ui/icons";
import { notifyProblem } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useNumbers } from "@/ui/time";

type Sum = Item<"GET /ticket-time-sums">;

const FILTERS: Filter<FilterOf<"GET /ticket-time-sums">>[] = [{ field: "tenant_id", kind: "lookup" }];

export default function CaseTimesPage() {
  const { t, field, language } = useText();
  const number = useNumbers();
  const columns = useMemo<Column<Sum>[]>(
    () => [
      { id: "subject", cell: (row) => <TwoLines first={row.subject} second={row.reference} /> },
      { id: "tenant_name", label: field("tenant_id"), cell: (row) => row.tenant_name },
      {
        id: "minutes",
        label: t("times.spent"),
        align: "right",
        cell: (row) => spanOf(row.minutes, t),
      },
      { id: "entries", label: t("times.entries"), align: "right", cell: (row) => number(row.entries) },
      { id: "last_worked_on", label: t("times.last"), cell: (row) => row.last_worked_on },
    ],
    [language],
  );
  const save = () =>
    download("GET /ticket-times", { query: { sort: "worked_on" } }).then(
      (blob) => saveFile(blob, "case-times.csv"),
      (error: unknown) => notifyProblem(error, t("state.failed")),
    );
  return (
    <Page
      title={t("page.case_times")}
      lead={t("times.lead")}
      actions={
        <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => void save()}>
          {t("times.export")}
        </Button>
      }
    >
      <DataTable
        name="case_times"
        noun="ticket_time_sum"
        route="GET /ticket-time-sums"
        columns={columns}
        filters={FILTERS}
        searchHint={t("times.search")}
        sort="-last_worked_on"
        open={(row) => `/tickets/${row.id}`}
        empty={{ title: t("times.empty"), hint: t("times.empty_hint") }}
      />
    </Page>
  );
}

const spanOf = (minutes: number, t: (key: string, values: Record<string, unknown>) => string) =>
  [
    minutes >= 60 && t("times.hours", { n: Math.floor(minutes / 60) }),
    minutes % 60 && t("times.minutes", { n: minutes % 60 }),
  ]
    .filter(Boolean)
    .join(" ");
