import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import { call, type Item } from "@/api/client";
import { Problem } from "@/api/problem";
import { useSession } from "@/api/session";
import { useText, type Text } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { Tags, TwoLines } from "@/ui/Tags";
import { useBulkVerbs, type BulkVerb } from "@/ui/useBulkVerbs";

const ProviderForm = lazy(() => import("./ProviderForm"));

type Provider = Item<"GET /identity-providers">;

export default function IdentityProvidersPage() {
  const { t, language } = useText();
  const { may, isProvider } = useSession();
  const [isMaking, setMaking] = useState(false);
  const bulk = useBulkVerbs<Provider>("identity-providers", (row) => row.name, verbs(t));
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
        bulk={may("sign_in:write") ? bulk.actions : undefined}
        empty={{ title: t("identity_provider.empty"), hint: t("identity_provider.empty_hint") }}
      />
      {bulk.dialog}
      <FormDialog title={t("identity_provider.make")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <ProviderForm onClose={() => setMaking(false)} />
      </FormDialog>
    </Page>
  );
}

const may = (row: Provider, verb: string) => row.can?.includes(verb) ?? false;

/* The whole provider with one member changed; its secret stays as it was when none is sent. */
const turn = (row: Provider, enabled: boolean) =>
  call("PUT /identity-providers/{id}", {
    path: { id: row.id },
    version: row.version ?? undefined,
    body: {
      name: row.name,
      issuer: row.issuer,
      client_id: row.client_id,
      email_domains: row.email_domains,
      trust_second_factor: row.trust_second_factor,
      enabled,
    },
  });

const verbs = (t: Text): BulkVerb<Provider>[] => [
  {
    key: "test",
    label: t("identity_provider.test"),
    isPossible: (row) => may(row, "test"),
    run: async (row) => {
      const answer = await call("POST /identity-providers/{id}/test", { path: { id: row.id } });
      if (!answer.reachable) throw new Problem(502, { title: answer.message ?? t("identity_provider.test_failed") });
    },
  },
  {
    key: "enable",
    label: t("identity_provider.enable"),
    isPossible: (row) => may(row, "update") && !row.enabled,
    run: (row) => turn(row, true),
  },
  {
    key: "disable",
    label: t("identity_provider.disable"),
    isDangerous: true,
    isPossible: (row) => may(row, "update") && Boolean(row.enabled),
    run: (row) => turn(row, false),
  },
  {
    key: "delete",
    label: t("action.delete"),
    isDangerous: true,
    isPossible: (row) => may(row, "delete"),
    run: (row) => call("DELETE /identity-providers/{id}", { path: { id: row.id } }),
  },
];
