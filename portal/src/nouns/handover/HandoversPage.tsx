import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconSend } from "@/ui/icons";
import { LinkButton } from "@/ui/LinkButton";
import { Page } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useClock, useNumbers } from "@/ui/time";

type Handover = Item<"GET /handovers">;

const FILTERS: Filter<FilterOf<"GET /handovers">>[] = [
  { field: "state", kind: "words", domain: "handover_state", words: ["waiting", "accepted"] },
];

export default function HandoversPage() {
  const { t, language } = useText();
  const { may } = useSession();
  const clock = useClock();
  const number = useNumbers();
  const columns = useMemo<Column<Handover>[]>(
    () => [
      { id: "written_at", cell: (row) => clock.dateTime(row.written_at) },
      { id: "written_by", cell: (row) => row.written_by },
      {
        id: "state",
        cell: (row) => (
          <StatusBadge
            field="handover_state"
            word={row.state}
            tone={row.state === "accepted" ? "ok" : "warn"}
          />
        ),
      },
      { id: "accepted_by", cell: (row) => row.accepted_by ?? "–" },
      { id: "accepted_at", cell: (row) => (row.accepted_at ? clock.dateTime(row.accepted_at) : "–") },
      { id: "due_count", align: "right", cell: (row) => number(row.due_count) },
      { id: "unanswered_count", align: "right", cell: (row) => number(row.unanswered_count) },
    ],
    [language],
  );
  return (
    <Page
      title={t("page.handovers")}
      lead={t("handover.lead")}
      actions={
        may("tickets:use") && (
          <LinkButton to="/handovers/new" icon={IconSend}>
            {t("handover.make")}
          </LinkButton>
        )
      }
    >
      <DataTable
        name="handovers"
        noun="handover"
        route="GET /handovers"
        columns={columns}
        filters={FILTERS}
        sort="-written_at"
        open={(row) => `/handovers/${row.id}`}
        empty={{ title: t("handover.empty"), hint: t("handover.empty_hint") }}
      />
    </Page>
  );
}
