/* IncidentRulesPage: when detections become an incident, said in sentences, and the form to say it otherwise. */
import { Button, Switch } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { notifyProblem } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { To } from "@/ui/To";
import { useExplain } from "./explain";
import { wordsOf, type Begin, type IncidentRule } from "./model";

const RuleForm = lazy(() => import("./RuleForm"));

const FILTERS: Filter<FilterOf<"GET /incident-rules">>[] = [{ field: "tenant_id", kind: "lookup" }];

export default function IncidentRulesPage() {
  const { t, language } = useText();
  const { may, isProvider } = useSession();
  const [begun, begin] = useState<Begin | null>(null);
  const columns = useColumns();
  const title =
    begun?.kind === "change" ? begun.rule[language === "ja" ? "name_ja" : "name"] : t("incident_rule.make");
  return (
    <Page
      title={t("page.incident_rules")}
      lead={t("incident_rule.lead")}
      actions={
        may("rules:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => begin({ kind: "new" })}>
            {t("incident_rule.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="incident_rules"
        noun="incident_rule"
        route="GET /incident-rules"
        columns={columns}
        filters={isProvider ? FILTERS : []}
        searchHint={t("incident_rule.search")}
        sort="position"
        onOpen={(rule) => begin({ kind: "change", rule })}
        empty={{ title: t("incident_rule.empty"), hint: t("incident_rule.empty_hint") }}
      />
      <FormDialog title={title} isOpen={begun !== null} onClose={() => begin(null)}>
        {begun && <RuleForm key={begun.kind} begun={begun} onBegin={begin} onClose={() => begin(null)} />}
      </FormDialog>
    </Page>
  );
}

function useColumns(): Column<IncidentRule>[] {
  const { t, value, language } = useText();
  const { isProvider, tenant } = useSession();
  const { conditions, together } = useExplain();
  return useMemo(
    () => [
      {
        id: "name",
        label: t("incident_rule.name"),
        cell: (row) => (
          <TwoLines first={language === "ja" ? row.name_ja : row.name} second={together(conditions(row))} />
        ),
      },
      {
        id: "tenant_name",
        label: t("incident_rule.for"),
        cell: (row) =>
          (isProvider ? row.tenant_id === tenant?.id : !row.tenant_name)
            ? t("incident_rule.everybody")
            : row.tenant_name,
      },
      { id: "severity", cell: (row) => value("severity", row.severity) },
      {
        id: "incidents",
        align: "right",
        cell: (row) => (
          <To to="/incidents" search={{ view: "all", rule_id: row.id }}>
            {row.incidents}
          </To>
        ),
      },
      { id: "enabled", cell: (row) => <OnOff of={row} /> },
      { id: "position", isExtra: true, align: "right", cell: (row) => row.position },
      { id: "updated_at", isExtra: true, cell: (row) => <RelativeTime at={row.updated_at} /> },
    ],
    [language, isProvider, tenant?.id],
  );
}

function OnOff({ of }: { of: Item<"GET /incident-rules"> }) {
  const { t, field, language } = useText();
  const change = useVerb("PUT /incident-rules/{id}", ["audit"]);
  if (!of.can.includes("update"))
    return <StatusBadge field="enabled" word={of.enabled ? "on" : "off"} tone={of.enabled ? "ok" : "mute"} />;
  const turn = (enabled: boolean) =>
    change.mutate(
      { path: { id: of.id }, version: of.version, body: { ...wordsOf(of), enabled } },
      { onError: (error) => notifyProblem(error, t("state.failed")) },
    );
  return (
    <Switch
      aria-label={`${field("enabled", "incident_rule")}: ${language === "ja" ? of.name_ja : of.name}`}
      checked={of.enabled ?? false}
      disabled={change.isPending}
      onChange={(event) => turn(event.currentTarget.checked)}
    />
  );
}
