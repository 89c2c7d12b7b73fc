/* ReputationPage: the services that are asked what they know of files, addresses and names, how each fares, and pages
 * of others about them. */
import { Button, Group } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { standingOf, TONES, useTrouble } from "./standing";
import { TestButton } from "./TestButton";

const SourceForm = lazy(() => import("./SourceForm"));
const LinkForm = lazy(() => import("./LinkForm"));

export type Source = Item<"GET /reputation-sources">;
export type Link = Item<"GET /reputation-links">;

export default function ReputationPage() {
  const { t } = useText();
  const { may } = useSession();
  return (
    <Page title={t("page.reputation")} lead={t("reputation.lead")}>
      {may("api_keys:read") && <Sources />}
      <Links />
    </Page>
  );
}

function Sources() {
  const { t } = useText();
  const { may } = useSession();
  const [edited, edit] = useState<Source | "new" | null>(null);
  const columns = useSourceColumns();
  return (
    <Section
      title={t("reputation.sources")}
      lead={t("reputation.sources_lead")}
      flush
      actions={
        may("api_keys:write") && (
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => edit("new")}>
            {t("reputation.add_source")}
          </Button>
        )
      }
    >
      <DataTable
        name="reputation_sources"
        noun="reputation"
        route="GET /reputation-sources"
        columns={columns}
        sort="name"
        isPlain
        onOpen={may("api_keys:write") ? edit : undefined}
        empty={{ title: t("reputation.no_sources"), hint: t("reputation.no_sources_hint") }}
      />
      <FormDialog
        title={edited && edited !== "new" ? edited.name : t("reputation.add_source")}
        isOpen={edited !== null}
        onClose={() => edit(null)}
      >
        {edited && <SourceForm source={edited === "new" ? null : edited} onClose={() => edit(null)} />}
      </FormDialog>
    </Section>
  );
}

function useSourceColumns(): Column<Source>[] {
  const { t, value, language } = useText();
  const { isProvider } = useSession();
  const trouble = useTrouble();
  return useMemo(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.url} /> },
      { id: "kind", cell: (row) => value("reputation_source_kind", row.kind) },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Source) => row.tenant_name }] : []),
      {
        id: "standing",
        cell: (row) => (
          <>
            <StatusBadge field="reputation_standing" word={standingOf(row)} tone={TONES[standingOf(row)]} />
            {row.trouble && (
              <small>
                <br />
                {trouble(row.trouble)} (<RelativeTime at={row.trouble_at} />)
              </small>
            )}
          </>
        ),
      },
      { id: "answered_at", cell: (row) => <RelativeTime at={row.answered_at} missing={t("reputation.never")} /> },
      {
        id: "day_count",
        align: "right",
        cell: (row) => <span className="y-num">{`${row.day_count} / ${row.per_day}`}</span>,
      },
      { id: "row_actions", cell: (row) => row.can.includes("test") && <TestButton source={row} /> },
    ],
    [language, isProvider],
  );
}

function Links() {
  const { t, value, field, language } = useText();
  const { may, isProvider, tenant } = useSession();
  const [edited, edit] = useState<Link | "new" | null>(null);
  const remove = useVerb("DELETE /reputation-links/{id}", ["audit"]);
  const { confirm, dialog } = useConfirm();
  const askRemove = (row: Link) =>
    confirm({
      title: t("reputation.remove_link"),
      text: t("reputation.remove_link_text", { name: row.name }),
      action: t("action.delete"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: row.id } }),
    });
  const columns = useMemo<Column<Link>[]>(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.url} /> },
      {
        id: "kind",
        label: field("kind", "reputation_link"),
        cell: (row) => value("reputation_thing", row.kind),
      },
      {
        id: "tenant_name",
        label: t("reputation.for"),
        cell: (row) =>
          (isProvider ? row.tenant_id === tenant?.id : !row.tenant_name)
            ? t("reputation.everybody")
            : row.tenant_name,
      },
      {
        id: "row_actions",
        align: "right",
        cell: (row) => (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            {row.can.includes("update") && (
              <Button size="compact-xs" variant="default" onClick={() => edit(row)}>
                {t("action.edit")}
              </Button>
            )}
            {row.can.includes("delete") && (
              <Button size="compact-xs" variant="default" c="var(--y-bad)" onClick={() => askRemove(row)}>
                {t("action.delete")}
              </Button>
            )}
          </Group>
        ),
      },
    ],
    [language, isProvider, tenant?.id],
  );
  return (
    <Section
      title={t("reputation.links")}
      lead={t("reputation.links_lead")}
      flush
      actions={
        may("computers:write") && (
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => edit("new")}>
            {t("reputation.add_link")}
          </Button>
        )
      }
    >
      <DataTable
        name="reputation_links"
        noun="reputation"
        route="GET /reputation-links"
        columns={columns}
        sort="name"
        isPlain
        empty={{ title: t("reputation.no_links") }}
      />
      <FormDialog
        title={edited && edited !== "new" ? edited.name : t("reputation.add_link")}
        isOpen={edited !== null}
        onClose={() => edit(null)}
      >
        {edited && <LinkForm link={edited === "new" ? null : edited} onClose={() => edit(null)} />}
      </FormDialog>
      {dialog}
    </Section>
  );
}
