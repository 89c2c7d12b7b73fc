import { Badge, Group } from "@mantine/core";
import { useMemo } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconPlus } from "@/ui/icons";
import { LinkButton } from "@/ui/LinkButton";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { useNumbers } from "@/ui/time";

type Calendar = Item<"GET /business-calendars">;

export default function CalendarsPage() {
  const { t, value, language } = useText();
  const { may } = useSession();
  const number = useNumbers();
  const columns = useMemo<Column<Calendar>[]>(
    () => [
      {
        id: "name",
        cell: (row) => (
          <Group gap="xs">
            {row.name}
            {row.is_default && (
              <Badge variant="default" size="sm" tt="none" fw={500}>
                {t("calendar.is_default")}
              </Badge>
            )}
          </Group>
        ),
      },
      { id: "time_zone", cell: (row) => row.time_zone },
      { id: "holidays", cell: (row) => value("holidays", row.holidays) },
      { id: "used_by", align: "right", cell: (row) => number(row.used_by) },
      { id: "next_from", cell: (row) => row.next_from ?? "–" },
      { id: "tenant_name", cell: (row) => row.tenant_name, isExtra: true },
    ],
    [language],
  );
  return (
    <Page
      title={t("page.calendars")}
      lead={t("calendar.lead")}
      actions={
        may("calendars:write") && (
          <LinkButton to="/calendars/new" icon={IconPlus}>
            {t("calendar.make")}
          </LinkButton>
        )
      }
    >
      <DataTable
        name="calendars"
        noun="calendar"
        route="GET /business-calendars"
        columns={columns}
        filters={[]}
        sort="name"
        open={(row) => `/calendars/${row.id}`}
        empty={{ title: t("calendar.empty") }}
      />
    </Page>
  );
}
