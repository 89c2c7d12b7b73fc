/* HuntsPage: what was asked of stored events: searches of the week, and hunts. */
import { Button } from "@mantine/core";
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconSearch } from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useNumbers } from "@/ui/time";
import { HUNT_TONES } from "./tones";

type Hunt = Item<"GET /hunts">;

const FILTERS: Filter<FilterOf<"GET /hunts">>[] = [
  { field: "purpose", kind: "words", words: ["search", "hunt"], domain: "hunt_purpose" },
  {
    field: "state",
    kind: "words",
    words: ["waiting", "running", "done", "cancelled", "failed"],
    domain: "hunt_state",
  },
  { field: "created_at", kind: "period" },
];

export default function HuntsPage() {
  const { t, value, language } = useText();
  const { may } = useSession();
  const number = useNumbers();
  const go = useGo();
  const columns = useMemo<Column<Hunt>[]>(
    () => [
      { id: "title", cell: (row) => <TwoLines first={row.title} second={row.note ?? ""} /> },
      {
        id: "purpose",
        cell: (row) => (
          <TwoLines
            first={value("hunt_purpose", row.purpose)}
            second={row.about === "detections" ? value("hunt_about", row.about) : ""}
          />
        ),
      },
      {
        id: "state",
        cell: (row) => <StatusBadge field="hunt_state" word={row.state} tone={HUNT_TONES[row.state]} />,
      },
      { id: "hits", cell: (row) => number(row.hits), align: "right" },
      { id: "tenant_name", cell: (row) => row.tenant_name },
      { id: "owner_name", cell: (row) => row.owner_name },
      { id: "created_at", cell: (row) => <RelativeTime at={row.created_at} /> },
    ],
    [language],
  );
  return (
    <Page
      title={t("page.hunts")}
      lead={t("hunt.list_lead")}
      actions={
        may("hunts:use") && (
          <Button leftSection={<IconSearch size={16} aria-hidden />} onClick={() => void go("/events")}>
            {t("hunt.new")}
          </Button>
        )
      }
    >
      <DataTable
        name="hunts"
        noun="hunt"
        route="GET /hunts"
        columns={columns}
        filters={FILTERS}
        sort="-created_at"
        open={(row) => `/hunts/${row.id}`}
        empty={{ title: t("hunt.none"), hint: t("hunt.none_hint") }}
      />
    </Page>
  );
}
