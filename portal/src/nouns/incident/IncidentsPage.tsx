/* IncidentsPage: the stories, the worst and the latest first. */
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useWords } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import classes from "./Incident.module.css";
import { STATUS_TONE } from "./status";

type Incident = Item<"GET /incidents">;

const VIEWS: Record<string, Record<string, unknown>> = {
  open: { status: ["open", "in_progress", "waiting"] },
  new: { status: ["open"] },
  mine: { status: ["open", "in_progress", "waiting"] },
  closed: { status: ["closed"] },
  all: {},
};

const FILTERS: Filter<FilterOf<"GET /incidents">>[] = [
  { field: "status", kind: "words", domain: "incident_status", words: ["open", "in_progress", "waiting", "closed"] },
  { field: "severity", kind: "words", domain: "incident_severity", words: ["a", "b", "c"] },
  { field: "last_at", kind: "period" },
];

export default function IncidentsPage() {
  const { t } = useText();
  const { person } = useSession();
  const [words] = useWords();
  const view = words.view && words.view in VIEWS ? words.view : "open";
  const columns = useColumns();
  return (
    <Page title={t("page.incidents")} lead={t("incident.lead")}>
      <nav aria-label={t("incident.views")}>
        <ul className={classes.views}>
          {Object.keys(VIEWS).map((key) => (
            <li key={key}>
              <To
                to="/incidents"
                search={{ view: key }}
                className={classes.view}
                underline="never"
                aria-current={key === view ? "page" : undefined}
              >
                {t(`incident.view.${key}`)}
              </To>
            </li>
          ))}
        </ul>
      </nav>
      <DataTable
        name="incidents"
        noun="incident"
        route="GET /incidents"
        columns={columns}
        filters={FILTERS}
        fixed={{
          ...VIEWS[view],
          ...(view === "mine" && { assignee_id: person?.id }),
          ...(words.rule_id && { rule_id: words.rule_id }),
        }}
        keeps={["view", "rule_id"]}
        searchHint={t("incident.search")}
        sort="-last_at"
        open={(row) => `/incidents/${row.id}`}
        empty={{ title: t(`incident.empty.${view}`), hint: t("incident.empty_hint") }}
      />
    </Page>
  );
}

function useColumns(): Column<Incident>[] {
  const { value, language } = useText();
  const { isProvider } = useSession();
  return useMemo(
    () => [
      { id: "score", width: 110, cell: (row) => <Score of={row.score} /> },
      { id: "reference", width: 110, cell: (row) => <span className="y-mono">{row.reference}</span> },
      { id: "title", cell: (row) => <b className={classes.title}>{row.title}</b> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Incident) => row.tenant_name }] : []),
      {
        id: "status",
        cell: (row) => <StatusBadge field="incident_status" word={row.status} tone={STATUS_TONE[row.status ?? ""]} />,
      },
      { id: "severity", cell: (row) => value("incident_severity", row.severity) },
      { id: "detections", align: "right", cell: (row) => <span className="y-num">{row.detections}</span> },
      { id: "computer_names", cell: (row) => <Tags of={row.computer_names} max={2} /> },
      { id: "assignee_name", cell: (row) => row.assignee_name ?? "–" },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
      { id: "opened_at", isExtra: true, cell: (row) => <RelativeTime at={row.opened_at} /> },
      {
        id: "tactics",
        isExtra: true,
        cell: (row) => <Tags of={(row.tactics ?? []).map((one) => value("tactic", one))} />,
      },
    ],
    [isProvider, language],
  );
}
