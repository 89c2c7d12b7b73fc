import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { IconPlus } from "@/ui/icons";
import { notifyDone } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";

const MakeIngestKey = lazy(() => import("./MakeIngestKey"));
type IngestKey = Item<"GET /ingest-keys">;

const FILTERS: Filter<FilterOf<"GET /ingest-keys">>[] = [{ field: "tenant_id", kind: "lookup" }];

const stateOf = (row: IngestKey) =>
  row.revoked_at ? "revoked" : row.expires_at && new Date(row.expires_at) < new Date() ? "expired" : "active";

export default function IngestKeysPage() {
  const { t, language, value } = useText();
  const { may, isProvider } = useSession();
  const [isMaking, setMaking] = useState(false);
  const revoke = useVerb("POST /ingest-keys/{id}/revoke");
  const { confirm, dialog } = useConfirm();
  const askRevoke = (row: IngestKey) =>
    confirm({
      title: t("ingest_key.revoke"),
      text: t("ingest_key.revoke_text", { name: row.name }),
      action: t("ingest_key.revoke"),
      isDangerous: true,
      run: async () => {
        await revoke.mutateAsync({ path: { id: row.id } });
        notifyDone(t("ingest_key.revoked"));
      },
    });
  const columns = useMemo<Column<IngestKey>[]>(() => {
    const number = (count: number | null) => (count ?? 0).toLocaleString(language);
    return [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={`ygi_${row.prefix ?? ""}_…`} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: IngestKey) => row.tenant_name }] : []),
      { id: "kind", cell: (row) => (row.kind === "host" ? row.host : value("kind", row.kind)) },
      {
        id: "key_state",
        cell: (row) => (
          <StatusBadge field="key_state" word={stateOf(row)} tone={row.revoked_at ? "mute" : undefined} />
        ),
      },
      {
        id: "last_used_at",
        cell: (row) => (
          <>
            <RelativeTime at={row.last_used_at} missing={t("ingest_key.unused")} />
            {row.last_used_address && <small className="y-mono"> {row.last_used_address}</small>}
          </>
        ),
      },
      { id: "events", cell: (row) => number(row.events) },
      { id: "refused", cell: (row) => number(row.refused) },
      { id: "created_at", isExtra: true, cell: (row) => <RelativeTime at={row.created_at} /> },
      {
        id: "row_actions",
        cell: (row) =>
          row.can?.includes("revoke") && (
            <Button size="compact-xs" variant="default" onClick={() => askRevoke(row)}>
              {t("ingest_key.revoke")}
            </Button>
          ),
      },
    ];
  }, [language, isProvider]);
  return (
    <Page
      title={t("page.ingest_keys")}
      lead={t("ingest_key.lead")}
      actions={
        may("telemetry:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("ingest_key.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="ingest_keys"
        noun="ingest_key"
        route="GET /ingest-keys"
        columns={columns}
        filters={isProvider ? FILTERS : []}
        searchHint={t("ingest_key.search")}
        sort="-created_at"
        empty={{ title: t("ingest_key.empty"), hint: t("ingest_key.empty_hint") }}
      />
      {isMaking && (
        <Suspense>
          <MakeIngestKey onClose={() => setMaking(false)} />
        </Suspense>
      )}
      {dialog}
    </Page>
  );
}
