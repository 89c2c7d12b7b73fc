/* RulesPage: every rule that is there: what it finds, how often, and whether it is asked. */
import { useMemo } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Button } from "@mantine/core";
import { IconPlus } from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { STATE_TONES, STATES, titleOf } from "./states";

type Rule = Item<"GET /rules">;

const FILTERS: Filter<"state" | "origin" | "language" | "product" | "category" | "techniques">[] = [
  { field: "state", kind: "words", domain: "rule_state", words: STATES },
  { field: "origin", kind: "words", domain: "rule_origin", words: ["starter", "imported", "own"] },
  { field: "language", kind: "words", domain: "rule_language", words: ["sigma", "xml"] },
  { field: "product", kind: "text" },
  { field: "category", kind: "text" },
  { field: "techniques", kind: "text" },
];

export default function RulesPage() {
  const { t, value, field, language } = useText();
  const { may, isProvider } = useSession();
  const go = useGo();
  const columns = useMemo<Column<Rule>[]>(
    () => [
      { id: "title", cell: (row) => titleOf(row, language) },
      { id: "score", cell: (row) => <Score of={row.score} /> },
      {
        id: "state",
        cell: (row) => <StatusBadge field="rule_state" word={row.state} tone={STATE_TONES[row.state]} />,
      },
      { id: "tactics", cell: (row) => <Tags of={(row.tactics ?? []).map((one) => value("tactic", one))} max={1} /> },
      { id: "seen", align: "right", cell: (row) => <span className="y-num">{row.seen}</span> },
      { id: "hidden", align: "right", cell: (row) => <span className="y-num">{row.hidden}</span> },
      ...(isProvider
        ? [
            {
              id: "tenant_name",
              label: field("tenant_name", "rule"),
              cell: (row: Rule) => row.tenant_name ?? t("rule.everybody"),
            },
          ]
        : []),
      { id: "origin", isExtra: true, cell: (row) => value("rule_origin", row.origin) },
      { id: "category", isExtra: true, cell: (row) => row.category ?? row.service },
      { id: "product", isExtra: true, cell: (row) => row.product },
      { id: "switched_off", isExtra: true, align: "right", cell: (row) => row.switched_off },
      { id: "updated_at", cell: (row) => <RelativeTime at={row.updated_at} /> },
    ],
    [isProvider, language],
  );
  return (
    <Page
      title={t("page.rules")}
      lead={t("rule.lead")}
      actions={
        may("rules:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void go("/rules/new")}>
            {t("rule.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="rules"
        noun="rule"
        route="GET /rules"
        columns={columns}
        filters={FILTERS.map((one) => ({ ...one, label: field(one.field, "rule") }))}
        searchHint={t("rule.search")}
        sort="-score"
        open={(row) => `/rules/${row.id}`}
        empty={{ title: t("rule.empty"), hint: t("rule.empty_hint") }}
      />
    </Page>
  );
}
