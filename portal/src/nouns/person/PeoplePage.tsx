import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import { call, clientState, type FilterOf, type Item } from "@/api/client";
import { useRefresh } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { BulkDialog, type BulkAsk } from "@/ui/BulkDialog";
import { MenuButton } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { IconChevronDown, IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { BulkAction, Column, Filter } from "@/ui/table/model";
import { Tags, TwoLines } from "@/ui/Tags";
import { PersonStatus } from "./PersonStatus";

const ServiceAccountForm = lazy(() => import("./ServiceAccountForm"));
const InviteForm = lazy(() => import("./InviteForm"));
type Person = Item<"GET /people">;

const BULK = ["disable", "enable", "unlock", "resend-invitation", "reset-second-factor"] as const;

const DANGEROUS: string[] = ["disable", "reset-second-factor"];

export default function PeoplePage() {
  const { t, value, language } = useText();
  const { may, isProvider } = useSession();
  const refresh = useRefresh();
  const [making, setMaking] = useState<"invite" | "service" | null>(null);
  const [bulk, setBulk] = useState<BulkAsk | null>(null);
  const mayWrite = may("people:write");

  const columns = useMemo<Column<Person>[]>(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.email} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Person) => row.tenant_name }] : []),
      { id: "status", cell: (row) => <PersonStatus of={row} /> },
      { id: "permission_sets", cell: (row) => <Tags of={row.permission_sets} /> },
      { id: "second_factor", cell: (row) => <SecondFactorMark isOn={row.second_factor} kind={row.kind} /> },
      {
        id: "last_sign_in_at",
        cell: (row) => <RelativeTime at={row.last_sign_in_at} missing={t("person.never")} />,
      },
      { id: "kind", isExtra: true, cell: (row) => value("kind", row.kind) },
      { id: "language", isExtra: true, cell: (row) => value("language", row.language) },
      { id: "time_zone", isExtra: true, cell: (row) => row.time_zone },
      { id: "created_at", isExtra: true, cell: (row) => <RelativeTime at={row.created_at} /> },
    ],
    [isProvider, language],
  );
  const filters: Filter<FilterOf<"GET /people">>[] = [
    { field: "status", kind: "words", words: ["invited", "active", "disabled"] },
    ...(isProvider
      ? [
          { field: "tenant_id", kind: "lookup" } as const,
          { field: "side", kind: "words", words: ["provider", "customer"] } as const,
        ]
      : []),
  ];

  const ask = (action: (typeof BULK)[number], rows: Person[]) =>
    setBulk({
      title: t(`person.bulk.${action}`),
      action: t(`person.verb.${action}`),
      isDangerous: DANGEROUS.includes(action),
      rows: rows.map((row) => ({ id: row.id, name: row.name ?? row.email ?? row.id })),
      run: async (dry_run) => {
        const out = await call("POST /people/bulk", {
          body: { action, ids: rows.map((row) => row.id), dry_run },
        });
        if (!dry_run) await refresh("people");
        return out.items;
      },
    });
  const actions: BulkAction<Person>[] = BULK.map((action) => ({
    key: action,
    label: t(`person.verb.${action}`),
    isDangerous: DANGEROUS.includes(action),
    appliesTo: (row) => row.can?.includes(action) ?? false,
    run: (rows) => ask(action, rows),
  }));

  return (
    <Page
      title={t("page.people")}
      lead={t("person.lead")}
      actions={
        mayWrite && (
          <Button.Group>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking("invite")}>
              {t("person.invite")}
            </Button>
            <MenuButton
              button={
                <Button px={8} aria-label={t("action.more")} ml={1}>
                  <IconChevronDown size={16} aria-hidden />
                </Button>
              }
              items={[{ key: "service", label: t("person.make_service"), run: () => setMaking("service") }]}
            />
          </Button.Group>
        )
      }
    >
      <DataTable
        name="people"
        noun="person"
        route="GET /people"
        columns={columns}
        filters={filters}
        searchHint={t("person.search")}
        sort="name"
        open={(row) => `/people/${row.id}`}
        bulk={mayWrite ? actions : undefined}
        empty={{ title: t("person.empty"), hint: t("person.empty_hint") }}
      />
      <FormDialog title={t("person.invite")} isOpen={making === "invite"} onClose={() => setMaking(null)}>
        <InviteForm tenantId={clientState.tenantId} onClose={() => setMaking(null)} />
      </FormDialog>
      <FormDialog
        title={t("person.make_service")}
        isOpen={making === "service"}
        onClose={() => setMaking(null)}
      >
        <ServiceAccountForm onClose={() => setMaking(null)} />
      </FormDialog>
      <BulkDialog ask={bulk} onClose={() => setBulk(null)} />
    </Page>
  );
}

function SecondFactorMark({ isOn, kind }: { isOn: boolean; kind: string | null }) {
  if (kind === "service") return <>–</>;
  return <StatusBadge field="second_factor" word={isOn ? "on" : "off"} tone={isOn ? "ok" : "mute"} />;
}
