import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { call, type FilterOf, type Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { IconPlus } from "@/ui/icons";
import { notifyDone } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useBulkVerbs } from "@/ui/useBulkVerbs";
import { keyColumns } from "./key-columns";

const MakeKey = lazy(() => import("./MakeKey"));
type ApiKey = Item<"GET /api-keys">;

const FILTERS: Filter<FilterOf<"GET /api-keys">>[] = [{ field: "person_id", kind: "lookup" }];

export default function ApiKeysPage() {
  const words = useText();
  const { t, language } = words;
  const { may } = useSession();
  const [isMaking, setMaking] = useState(false);
  const revoke = useVerb("POST /api-keys/{id}/revoke");
  const { confirm, dialog } = useConfirm();
  const mayWrite = may("api_keys:write");
  const columns = useMemo<Column<ApiKey>[]>(() => {
    const own = keyColumns<ApiKey>(words, mayWrite ? (row) => askRevoke(row) : undefined);
    return [own[0]!, { id: "person_name", cell: (row) => row.person_name }, ...own.slice(1)];
  }, [language, mayWrite]);
  const askRevoke = (row: ApiKey) =>
    confirm({
      title: t("api_key.revoke"),
      text: t("api_key.revoke_text", { name: row.name }),
      action: t("api_key.revoke"),
      isDangerous: true,
      run: async () => {
        await revoke.mutateAsync({ path: { id: row.id } });
        notifyDone(t("api_key.revoked"));
      },
    });
  const bulk = useBulkVerbs<ApiKey>("api-keys", (row) => row.name ?? row.id, [
    {
      key: "revoke",
      label: t("api_key.revoke"),
      isDangerous: true,
      isPossible: (row) => !row.revoked_at,
      run: (row) => call("POST /api-keys/{id}/revoke", { path: { id: row.id } }),
    },
  ]);
  return (
    <Page
      title={t("page.api_keys")}
      lead={t("api_key.lead")}
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("api_key.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="api_keys"
        noun="api_key"
        route="GET /api-keys"
        columns={columns}
        filters={FILTERS}
        searchHint={t("api_key.search")}
        sort="-created_at"
        bulk={mayWrite ? bulk.actions : undefined}
        empty={{ title: t("api_key.empty"), hint: t("api_key.empty_hint") }}
      />
      {isMaking && (
        <Suspense>
          <MakeKey route="POST /api-keys" isOpen onClose={() => setMaking(false)} />
        </Suspense>
      )}
      {dialog}
      {bulk.dialog}
    </Page>
  );
}
