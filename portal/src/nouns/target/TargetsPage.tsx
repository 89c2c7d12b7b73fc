import { Button, Text } from "@mantine/core";
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { IconPlus } from "@/ui/icons";
import { LinkButton } from "@/ui/LinkButton";
import { useWords } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useClock } from "@/ui/time";
import { useAllowance } from "./allowance";

type Target = Item<"GET /promise-targets">;
const TONES = { holds: "ok", coming: "info", over: "mute" } as const;

const FILTERS: Filter<FilterOf<"GET /promise-targets">>[] = [
  { field: "standing", kind: "words", domain: "target_standing", words: ["holds", "coming", "over"] },
  { field: "severity", kind: "words", words: ["a", "b", "c"] },
  { field: "metric", kind: "words", words: ["acknowledge", "first_response", "next_update", "resolve"] },
  { field: "tenant_id", kind: "lookup" },
];

export default function TargetsPage() {
  const { t } = useText();
  const { may } = useSession();
  const [words] = useWords();
  const { columns, dialog } = useColumns();
  return (
    <Page
      title={t("page.targets")}
      lead={t("target.lead")}
      actions={
        may("calendars:write") && (
          <LinkButton to="/targets/new" icon={IconPlus}>
            {t("target.make")}
          </LinkButton>
        )
      }
    >
      <DataTable
        name="targets"
        noun="target"
        route="GET /promise-targets"
        columns={columns}
        filters={FILTERS}
        fixed={words.standing ? {} : { standing: ["holds", "coming"] }}
        sort="severity"
        empty={{ title: t("target.empty") }}
      />
      {dialog}
    </Page>
  );
}

function useColumns() {
  const { t, value, language } = useText();
  const clock = useClock();
  const allowance = useAllowance();
  const { confirm, dialog } = useConfirm();
  const remove = useVerb("DELETE /promise-targets/{id}");
  const takeBack = (row: Target) =>
    confirm({
      title: t("target.take_back"),
      text: t("target.take_back_text"),
      action: t("target.take_back"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: row.id } }),
    });
  const columns = useMemo<Column<Target>[]>(
    () => [
      { id: "severity", cell: (row) => value("severity", row.severity) },
      { id: "metric", cell: (row) => value("metric", row.metric) },
      {
        id: "allowance",
        cell: (row) => (row.active ? allowance(row.pace, row.allowance) : t("target.nothing")),
      },
      { id: "for", label: t("target.for"), cell: (row) => <For of={row} /> },
      {
        id: "pauses_while",
        isExtra: true,
        cell: (row) => (row.pauses_while ?? []).map((word) => value("promise_wait", word)).join(" · "),
      },
      { id: "warn_at", isExtra: true, cell: (row) => (row.warn_at ?? []).map((n) => `${n}%`).join(" ") },
      {
        id: "standing",
        cell: (row) => (
          <StatusBadge
            field="target_standing"
            word={row.standing}
            tone={TONES[row.standing as keyof typeof TONES]}
          />
        ),
      },
      { id: "from_at", cell: (row) => clock.dateTime(row.from_at) },
      { id: "created_by", isExtra: true, cell: (row) => row.created_by },
      {
        id: "can",
        label: t("action.actions"),
        cell: (row) =>
          row.can?.includes("delete") && (
            <Button size="compact-xs" variant="default" c="var(--y-bad)" onClick={() => takeBack(row)}>
              {t("target.take_back")}
            </Button>
          ),
      },
    ],
    [language],
  );
  return { columns, dialog };
}

/* For whom it holds: everybody, a contract, a category, one customer. */
function For({ of }: { of: Target }) {
  const { t, value } = useText();
  const parts = [
    of.tenant_name,
    of.plan && value("plan", of.plan),
    of.category,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : <Text span>{t("target.everybody")}</Text>;
}
