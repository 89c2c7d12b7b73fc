/* ExclusionsPage: what is left out of detection, why, until when, and how often it was; and learning mode. */
import { Button } from "@mantine/core";
import { useMemo } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconPlus } from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { STATE_TONES, STATES } from "./states";

type Exclusion = Item<"GET /exclusions">;
type Learning = Item<"GET /learning">;

const FILTERS: Filter<"state" | "scope">[] = [
  { field: "state", kind: "words", domain: "exclusion_state", words: STATES },
  { field: "scope", kind: "words", domain: "exclusion_scope", words: ["all", "group", "computer"] },
];

export default function ExclusionsPage() {
  const { t, value, field, language } = useText();
  const { may, isProvider } = useSession();
  const go = useGo();
  const columns = useMemo<Column<Exclusion>[]>(
    () => [
      {
        id: "title",
        cell: (row) => (
          <TwoLines
            first={row.title}
            second={row.rule_id ? (language === "ja" && row.rule_title_ja) || row.rule_title : t("exclusion.any_rule")}
          />
        ),
      },
      {
        id: "state",
        cell: (row) => <StatusBadge field="exclusion_state" word={row.state} tone={STATE_TONES[row.state]} />,
      },
      ...(isProvider
        ? [
            {
              id: "tenant_name",
              label: field("tenant_id"),
              cell: (row: Exclusion) => row.tenant_name ?? t("exclusion.everybody"),
            },
          ]
        : []),
      { id: "scope", cell: (row) => value("exclusion_scope", row.scope) },
      { id: "hits", align: "right", cell: (row) => <span className="y-num">{row.hits}</span> },
      { id: "last_hit_at", cell: (row) => <RelativeTime at={row.last_hit_at} /> },
      { id: "expires_at", cell: (row) => <RelativeTime at={row.expires_at} missing={t("exclusion.for_ever")} /> },
      { id: "author_name", isExtra: true, cell: (row) => row.author_name },
      { id: "updated_at", isExtra: true, cell: (row) => <RelativeTime at={row.updated_at} /> },
    ],
    [isProvider, language],
  );
  return (
    <Page
      title={t("page.exclusions")}
      lead={t(isProvider ? "exclusion.lead" : "exclusion.lead_customer")}
      actions={
        may("rules:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void go("/exclusions/new")}>
            {t("exclusion.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="exclusions"
        noun="exclusion"
        route="GET /exclusions"
        columns={columns}
        filters={FILTERS.map((one) => ({ ...one, label: field(one.field, "exclusion") }))}
        sort="-updated_at"
        open={(row) => `/exclusions/${row.id}`}
        empty={{ title: t("exclusion.empty"), hint: t("exclusion.empty_hint") }}
      />
      {may("rules:write") && isProvider && <LearningMode />}
    </Page>
  );
}

const LEARN_DAYS = 7;

function LearningMode() {
  const { t } = useText();
  const put = useVerb("PUT /learning/{id}");
  const propose = useVerb("POST /learning/{id}/propose", ["exclusions"]);
  const failed = { onError: (error: unknown) => notifyProblem(error, t("state.failed")) };
  const isOn = (row: Learning) => Boolean(row.learning_until && new Date(row.learning_until) > new Date());
  const turn = (row: Learning) =>
    put.mutate(
      {
        path: { id: row.tenant_id },
        body: isOn(row)
          ? {}
          : { learning_until: new Date(Date.now() + LEARN_DAYS * 86_400_000).toISOString() },
      },
      failed,
    );
  const now = (row: Learning) =>
    propose.mutate(
      { path: { id: row.tenant_id } },
      { ...failed, onSuccess: (out) => notifyDone(t("exclusion.learnt", { count: out.proposals })) },
    );
  return (
    <Section title={t("exclusion.learning")} lead={t("exclusion.learning_lead")} flush>
      <DataTable
        name="learning"
        noun="exclusion"
        route="GET /learning"
        isPlain
        columns={[
          { id: "tenant_name", cell: (row) => row.tenant_name },
          {
            id: "learning_until",
            cell: (row) =>
              isOn(row) ? (
                <>
                  {t("exclusion.learns_until")} <RelativeTime at={row.learning_until} />
                </>
              ) : (
                t("exclusion.learns_not")
              ),
          },
          {
            id: "row_actions",
            cell: (row) => (
              <>
                <Button size="compact-xs" variant="subtle" onClick={() => turn(row)}>
                  {t(isOn(row) ? "exclusion.learn_off" : "exclusion.learn_on")}
                </Button>
                <Button size="compact-xs" variant="subtle" onClick={() => now(row)}>
                  {t("exclusion.learn_now")}
                </Button>
              </>
            ),
          },
        ]}
        empty={{ title: t("state.nothing_found") }}
      />
    </Section>
  );
}
