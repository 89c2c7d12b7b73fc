import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { Tags, TwoLines } from "@/ui/Tags";

const ProviderForm = lazy(() => import("./ProviderForm"));

type Provider = Item<"GET /identity-providers">;

export default function IdentityProvidersPage() {
  const { t, language } = useText();
  const { may, isProvider } = useSession();
  const [isMaking, setMaking] = useState(false);
  const columns = useMemo<Column<Provider>[]>(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.issuer} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Provider) => row.tenant_name }] : []),
      { id: "email_domains", cell: (row) => <Tags of={row.email_domains} max={3} /> },
      {
        id: "enabled",
        cell: (row) => (
          <StatusBadge field="enabled" word={row.enabled ? "on" : "off"} tone={row.enabled ? "ok" : "mute"} />
        ),
      },
    ],
    [isProvider, language],
  );
  return (
    <Page
      title={t("page.identity_providers")}
      lead={t("identity_provider.lead")}
      actions={
        may("sign_in:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("identity_provider.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="identity_providers"
        noun="identity_provider"
        route="GET /identity-providers"
        columns={columns}
        sort="name"
        open={(row) => `/identity-providers/${row.id}`}
        empty={{ title: t("identity_provider.empty"), hint: t("identity_provider.empty_hint") }}
      />
      <FormDialog title={t("identity_provider.make")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <ProviderForm onClose={() => setMaking(false)} />
      </FormDialog>
    </Page>
  );
}
