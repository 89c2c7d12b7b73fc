import { Badge, Button, Group } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import { call, type Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { useOptions } from "@/ui/options";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useNumbers } from "@/ui/time";
import { useBulkVerbs } from "@/ui/useBulkVerbs";

const SetForm = lazy(() => import("./SetForm"));
type PermissionSet = Item<"GET /permission-sets">;

const FILTERS: Filter<"side" | "tenant_id">[] = [
  { field: "tenant_id", kind: "lookup" },
  { field: "side", kind: "words", words: ["provider", "customer"] },
];

export default function PermissionSetsPage() {
  const { t, named, language } = useText();
  const { may, isProvider } = useSession();
  const number = useNumbers();
  const { options } = useOptions(isProvider ? "tenant_id" : "");
  const tenants = new Map(options.map((option) => [option.value, option.label]));
  const go = useGo();
  const [isMaking, setMaking] = useState(false);
  const bulk = useBulkVerbs<PermissionSet>("permission-sets", named, [
    {
      key: "copy",
      label: t("permission_set.copy"),
      isPossible: () => true,
      run: async (row) => {
        const { copyOf } = await import("./SetForm");
        return call("POST /permission-sets", { body: { ...copyOf(row, t), tenant_id: row.tenant_id } });
      },
    },
    {
      key: "delete",
      label: t("action.delete"),
      isDangerous: true,
      isPossible: (row) => row.can?.includes("delete") ?? false,
      run: (row) => call("DELETE /permission-sets/{id}", { path: { id: row.id } }),
    },
  ]);
  const columns = useMemo<Column<PermissionSet>[]>(
    () => [
      {
        id: language === "ja" ? "name_ja" : "name_en",
        label: t("permission_set.field.name"),
        cell: (row) => (
          <Group gap="xs">
            {named(row)}
            {row.builtin && (
              <Badge variant="default" size="sm" tt="none" fw={500}>
                {t("permission_set.builtin")}
              </Badge>
            )}
          </Group>
        ),
      },
      ...(isProvider
        ? [{ id: "tenant_name", cell: (row: PermissionSet) => tenants.get(row.tenant_id ?? "") }]
        : []),
      { id: "grants", align: "right", cell: (row) => number(row.grants?.length ?? 0) },
      { id: "people_count", align: "right", cell: (row) => number(row.people_count ?? 0) },
      { id: "key", isExtra: true, cell: (row) => <span className="y-mono">{row.key}</span> },
    ],
    [language, isProvider, options.length],
  );
  return (
    <Page
      title={t("page.permission_sets")}
      lead={t("permission_set.lead")}
      actions={
        may("permissions:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("permission_set.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="permission_sets"
        noun="permission_set"
        route="GET /permission-sets"
        columns={columns}
        filters={isProvider ? FILTERS : []}
        searchHint={t("permission_set.search")}
        sort="-builtin"
        open={(row) => `/permission-sets/${row.id}`}
        bulk={may("permissions:write") ? bulk.actions : undefined}
        empty={{ title: t("permission_set.empty") }}
      />
      {bulk.dialog}
      <FormDialog title={t("permission_set.make")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <SetForm onCancel={() => setMaking(false)} onDone={(id) => void go(`/permission-sets/${id}`)} />
      </FormDialog>
    </Page>
  );
}
