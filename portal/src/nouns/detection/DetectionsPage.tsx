/* DetectionsPage: what rules found, made to be gone through with the keyboard: one by one, by rule or by computer. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useGo, useWords } from "@/ui/nav";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import { useDetectionBulk } from "./bulk";
import classes from "./Detections.module.css";
import { TACTICS, titleOf, VERDICTS, type Detection } from "./rights";

const ResolveDialog = lazy(() => import("./ResolveDialog"));
const Heaps = lazy(() => import("./Heaps"));

/* Questions of the list itself; each stands in the address. */
const VIEWS: Record<string, Record<string, unknown>> = {
  open: { status: ["new", "in_progress"] },
  threats: { status: ["new", "in_progress"], "score.gte": 70 },
  warnings: { status: ["new", "in_progress"], "score.gte": 40, "score.lt": 70 },
  mine: { status: ["new", "in_progress"] },
  over: { status: ["resolved"] },
  all: {},
};
const BY = ["rule", "computer"] as const;

export default function DetectionsPage() {
  const { t } = useText();
  const { may } = useSession();
  const go = useGo();
  const [words] = useWords();
  const by = BY.find((one) => one === words.by);
  return (
    <Page
      title={t("page.detections")}
      lead={t("detection.lead")}
      actions={
        may("hunts:use") && (
          <Button variant="default" onClick={() => void go("/events", { about: "detections", period: "31d" })}>
            {t("detection.ask")}
          </Button>
        )
      }
    >
      <Views view={by ? "" : (words.view ?? "open")} by={by} />
      {by ? (
        <Suspense>
          <Heaps by={by} />
        </Suspense>
      ) : (
        <Queue view={words.view ?? "open"} />
      )}
    </Page>
  );
}

function Views({ view, by }: { view: string; by?: string }) {
  const { t } = useText();
  const link = (key: string, search: Record<string, string>, isHere: boolean) => (
    <li key={key}>
      <To
        to="/detections"
        search={search}
        className={classes.view}
        underline="never"
        aria-current={isHere ? "page" : undefined}
      >
        {t(`detection.view.${key}`)}
      </To>
    </li>
  );
  return (
    <nav aria-label={t("detection.views")}>
      <ul className={classes.views}>
        {Object.keys(VIEWS).map((key) => link(key, { view: key }, key === view))}
        <li className={classes.gap} aria-hidden />
        {BY.map((key) => link(`by_${key}`, { by: key }, key === by))}
      </ul>
    </nav>
  );
}

function Queue({ view }: { view: string }) {
  const { t, language } = useText();
  const go = useGo();
  const { person, may, isProvider } = useSession();
  const [words] = useWords();
  const [resolving, setResolving] = useState<Detection | null>(null);
  const take = useVerb("POST /detections/{id}/take", ["audit"]);
  const bulk = useDetectionBulk();
  const columns = useColumns(isProvider);
  const mayWork = may("detections:use");
  const mayExclude = may("rules:write");
  const fixed = {
    ...VIEWS[view],
    ...(view === "mine" && { assignee_id: person?.id }),
    ...(words.rule_id && { rule_id: words.rule_id }),
    ...(words.computer_id && { computer_id: words.computer_id }),
  };
  const takeIt = (row: Detection) =>
    take.mutate(
      { path: { id: row.id } },
      {
        onSuccess: () => notifyDone(t("detection.taken", { title: titleOf(row, language) })),
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  const keys = {
    m: (row: Detection) => row.can?.includes("take") && takeIt(row),
    e: (row: Detection) => row.can?.includes("resolve") && setResolving(row),
    ...(mayExclude && { u: (row: Detection) => void go("/exclusions/new", { detection: row.id }) }),
  };
  return (
    <>
      <DataTable
        name="detections"
        noun="detection"
        route="GET /detections"
        columns={columns}
        filters={useFilters()}
        fixed={fixed}
        searchHint={t("detection.search")}
        keeps={["view", "rule_id", "computer_id"]}
        keys={mayWork ? keys : undefined}
        sort="-last_at"
        open={(row) => `/detections/${row.id}`}
        bulk={mayWork ? bulk.actions : undefined}
        empty={{ title: t(`detection.empty.${view in VIEWS ? view : "all"}`), hint: t("detection.empty_hint") }}
      />
      {bulk.dialog}
      {resolving && (
        <Suspense>
          <ResolveDialog detection={resolving} onClose={() => setResolving(null)} />
        </Suspense>
      )}
    </>
  );
}

type FilterName =
  "verdict" | "tactics" | "techniques" | "computer_name" | "user_name" | "process_name" | "last_at";

function useFilters(): Filter<FilterName>[] {
  const { field, language } = useText();
  return useMemo(() => {
    const filters: Filter<FilterName>[] = [
      { field: "tactics", kind: "words", domain: "tactic", words: TACTICS },
      { field: "verdict", kind: "words", words: VERDICTS },
      { field: "computer_name", kind: "text" },
      { field: "user_name", kind: "text" },
      { field: "process_name", kind: "text" },
      { field: "techniques", kind: "text" },
      { field: "last_at", kind: "period" },
    ];
    return filters.map((one) => ({ ...one, label: field(one.field, "detection") }));
  }, [language]);
}

function useColumns(isProvider: boolean): Column<Detection>[] {
  const { value, language } = useText();
  return useMemo(
    () => [
      { id: "score", width: 120, cell: (row) => <Score of={row.score} /> },
      { id: "title", cell: (row) => <What of={row} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Detection) => row.tenant_name }] : []),
      { id: "computer_name", cell: (row) => row.computer_name ?? <None /> },
      { id: "user_name", cell: (row) => row.user_name ?? <None /> },
      {
        id: "tactics",
        cell: (row) => <Tags of={(row.tactics ?? []).map((one) => value("tactic", one))} max={1} />,
      },
      { id: "occurrences", align: "right", cell: (row) => <span className="y-num">{row.occurrences}</span> },
      {
        id: "status",
        cell: (row) =>
          row.verdict ? (
            <StatusBadge field="verdict" word={row.verdict} tone={row.verdict === "true_positive" ? "bad" : "ok"} />
          ) : (
            <StatusBadge field="detection_status" word={row.status} />
          ),
      },
      { id: "assignee_name", cell: (row) => row.assignee_name ?? <None /> },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
      { id: "first_at", isExtra: true, cell: (row) => <RelativeTime at={row.first_at} /> },
      { id: "arrived_at", isExtra: true, cell: (row) => <RelativeTime at={row.arrived_at} /> },
      { id: "process_name", isExtra: true, cell: (row) => row.process_name },
      { id: "techniques", isExtra: true, cell: (row) => <Tags of={row.techniques} /> },
    ],
    [isProvider, language],
  );
}

const None = () => <span className={classes.none}>{"–"}</span>;

function What({ of }: { of: Detection }) {
  const { language } = useText();
  return (
    <span className={classes.what} data-new={of.status === "new" || undefined}>
      <span>{titleOf(of, language)}</span>
      <small>{of.command_line ?? of.target ?? of.process_path}</small>
    </span>
  );
}
