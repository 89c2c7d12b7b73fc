import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { IconPlus } from "@/ui/icons";
import { notifyDone } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import { keyColumns } from "./key-columns";

const MakeKey = lazy(() => import("./MakeKey"));
type ApiKey = Item<"GET /me/api-keys">;

export default function MyKeysPage() {
  const words = useText();
  const { t, language } = words;
  const [isMaking, setMaking] = useState(false);
  const remove = useVerb("DELETE /me/api-keys/{id}");
  const { confirm, dialog } = useConfirm();
  const columns = useMemo(() => keyColumns<ApiKey>(words, (row) => askRevoke(row)), [language]);
  const askRevoke = (row: ApiKey) =>
    confirm({
      title: t("api_key.revoke"),
      text: t("api_key.revoke_text", { name: row.name }),
      action: t("api_key.revoke"),
      isDangerous: true,
      run: async () => {
        await remove.mutateAsync({ path: { id: row.id } });
        notifyDone(t("api_key.revoked"));
      },
    });
  return (
    <Page
      title={t("page.account_keys")}
      lead={t("api_key.own_lead")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          {t("api_key.make")}
        </Button>
      }
    >
      <DataTable
        name="account_keys"
        noun="api_key"
        route="GET /me/api-keys"
        columns={columns}
        isPlain
        empty={{ title: t("api_key.empty"), hint: t("api_key.empty_hint") }}
      />
      {isMaking && (
        <Suspense>
          <MakeKey route="POST /me/api-keys" isOpen onClose={() => setMaking(false)} />
        </Suspense>
      )}
      {dialog}
    </Page>
  );
}
