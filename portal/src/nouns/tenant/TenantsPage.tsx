import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import { call, type FilterOf, type Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { To } from "@/ui/To";
import { useNumbers } from "@/ui/time";
import { useBulkVerbs } from "@/ui/useBulkVerbs";

const TenantForm = lazy(() => import("./TenantForm"));
type Tenant = Item<"GET /tenants">;

const FILTERS: Filter<FilterOf<"GET /tenants">>[] = [
  { field: "status", kind: "words", words: ["onboarding", "active", "suspended", "ended"] },
  { field: "plan", kind: "words", words: ["lite", "ultimate", "mss"] },
];

export default function TenantsPage() {
  const { t, value, language } = useText();
  const { may, tenant } = useSession();
  const number = useNumbers();
  const [isMaking, setMaking] = useState(false);
  const columns = useMemo<Column<Tenant>[]>(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.name_kana} /> },
      { id: "short_code", cell: (row) => <span className="y-mono">{row.short_code}</span> },
      { id: "plan", cell: (row) => value("plan", row.plan) },
      { id: "status", cell: (row) => <StatusBadge field="status" word={row.status} /> },
      { id: "people_count", align: "right", cell: (row) => number(row.people_count ?? 0) },
      { id: "language", cell: (row) => value("language", row.language) },
      { id: "time_zone", isExtra: true, cell: (row) => row.time_zone },
      { id: "holiday_country", isExtra: true, cell: (row) => row.holiday_country },
      { id: "created_at", cell: (row) => <RelativeTime at={row.created_at} /> },
      { id: "updated_at", isExtra: true, cell: (row) => <RelativeTime at={row.updated_at} /> },
    ],
    [language],
  );
  const bulk = useBulkVerbs<Tenant>("tenants", (row) => row.name ?? row.id, [
    {
      key: "suspend",
      label: t("tenant.suspend"),
      isDangerous: true,
      isPossible: (row) => row.can?.includes("suspend") ?? false,
      run: (row) => call("POST /tenants/{id}/suspend", { path: { id: row.id } }),
    },
    {
      key: "resume",
      label: t("tenant.resume"),
      isPossible: (row) => row.can?.includes("resume") ?? false,
      run: (row) => call("POST /tenants/{id}/resume", { path: { id: row.id } }),
    },
  ]);
  return (
    <Page
      title={t("page.tenants")}
      lead={t("tenant.lead")}
      actions={
        may("tenants:write") && (
          <>
            <To to={`/tenants/${tenant?.id}`}>{t("tenant.own")}</To>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              {t("tenant.make")}
            </Button>
          </>
        )
      }
    >
      <DataTable
        name="tenants"
        noun="tenant"
        route="GET /tenants"
        fixed={{ kind: "customer" }}
        columns={columns}
        filters={FILTERS}
        searchHint={t("tenant.search")}
        sort="name"
        open={(row) => `/tenants/${row.id}`}
        bulk={may("tenants:write") ? bulk.actions : undefined}
        empty={{ title: t("tenant.empty"), hint: t("tenant.empty_hint") }}
      />
      <FormDialog title={t("tenant.make")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <TenantForm onClose={() => setMaking(false)} />
      </FormDialog>
      {bulk.dialog}
    </Page>
  );
}
