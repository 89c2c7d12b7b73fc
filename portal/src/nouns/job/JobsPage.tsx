import { Button, Group } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { call, type FilterOf, type Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useBulkVerbs } from "@/ui/useBulkVerbs";
import { JobSummary } from "./JobSummary";

const JobDrawer = lazy(() => import("./JobDrawer"));

export type Job = Item<"GET /jobs">;

const STATES = ["ready", "acting", "dead", "done"];
const FILTERS: Filter<FilterOf<"GET /jobs">>[] = [
  { field: "state", kind: "words", words: STATES, domain: "job_state" },
  { field: "kind", kind: "text" },
  { field: "tenant_id", kind: "lookup" },
  { field: "created_at", kind: "period" },
];

export default function JobsPage() {
  const { t, language } = useText();
  const { may } = useSession();
  const [open, setOpen] = useState<Job | null>(null);
  const mayWrite = may("jobs:use");
  const columns = useMemo<Column<Job>[]>(
    () => [
      { id: "kind", cell: (row) => <TwoLines first={row.kind} second={row.last_error} /> },
      { id: "state", cell: (row) => <StatusBadge field="job_state" word={row.state} /> },
      { id: "attempts", align: "right", cell: (row) => row.attempts },
      { id: "run_at", cell: (row) => <RelativeTime at={row.run_at} /> },
      { id: "created_at", cell: (row) => <RelativeTime at={row.created_at} /> },
      { id: "tenant_name", isExtra: true, cell: (row) => row.tenant_name },
      { id: "ended_at", isExtra: true, cell: (row) => <RelativeTime at={row.ended_at} /> },
      { id: "id", isExtra: true, cell: (row) => <span className="y-mono">{row.id}</span> },
      ...(mayWrite ? [{ id: "row_actions", cell: (row: Job) => <JobVerbs job={row} /> }] : []),
    ],
    [language, mayWrite],
  );
  const bulk = useBulkVerbs<Job>("jobs", (row) => row.kind ?? row.id, [
    {
      key: "retry",
      label: t("job.retry"),
      isPossible: (row) => row.can?.includes("retry") ?? false,
      run: (row) => call("POST /jobs/{id}/retry", { path: { id: row.id } }),
    },
    {
      key: "discard",
      label: t("job.discard"),
      isDangerous: true,
      isPossible: (row) => row.can?.includes("discard") ?? false,
      run: (row) => call("POST /jobs/{id}/discard", { path: { id: row.id } }),
    },
  ]);
  const filters = FILTERS.map((filter) =>
    filter.field === "kind" ? { ...filter, label: t("job.field.kind") } : filter,
  );
  return (
    <Page title={t("page.jobs")} lead={t("job.lead")}>
      <JobSummary />
      <DataTable
        name="jobs"
        noun="job"
        route="GET /jobs"
        columns={columns}
        filters={filters}
        sort="-created_at"
        onOpen={setOpen}
        bulk={mayWrite ? bulk.actions : undefined}
        empty={{ title: t("job.empty"), hint: t("job.empty_hint") }}
      />
      {bulk.dialog}
      {open && (
        <Suspense>
          <JobDrawer job={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </Page>
  );
}

/* What gave up can be tried again, or given up for good. */
function JobVerbs({ job }: { job: Job }) {
  const { t } = useText();
  const retry = useVerb("POST /jobs/{id}/retry");
  const discard = useVerb("POST /jobs/{id}/discard");
  const { confirm, dialog } = useConfirm();
  const can = job.can ?? [];
  if (can.length === 0) return null;
  const path = { id: job.id };
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        loading={retry.isPending}
        onClick={() =>
          retry.mutate(
            { path },
            {
              onSuccess: () => notifyDone(t("job.retried")),
              onError: (error) => notifyProblem(error, t("state.failed")),
            },
          )
        }
      >
        {t("job.retry")}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        c="var(--y-bad)"
        onClick={() =>
          confirm({
            title: t("job.discard"),
            text: t("job.discard_text", { kind: job.kind }),
            action: t("job.discard"),
            isDangerous: true,
            run: async () => {
              await discard.mutateAsync({ path });
              notifyDone(t("job.discarded"));
            },
          })
        }
      >
        {t("job.discard")}
      </Button>
      {dialog}
    </Group>
  );
}
