/* Promises: those that were missed, and those that still run, each with the way to its ledger. */
import { SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ClockDue } from "@/ui/ClockDue";
import { useDuration } from "@/ui/clock-times";
import { useWords } from "@/ui/nav";
import { Section } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import { startOfDay, type Column } from "@/ui/table/model";
import { useClock } from "@/ui/time";

type Row = Item<"GET /promises">;

export default function Promises({ month, metric, tenant }: { month: string; metric: string; tenant?: string }) {
  const { t } = useText();
  const { timeZone } = useClock();
  const { isProvider } = useSession();
  const [words, change] = useWords();
  const shows = words.shows === "running" ? "running" : "missed";
  const columns = useColumns(isProvider);
  const [year, number] = month.split("-").map(Number) as [number, number];
  const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
  const fixed: Record<string, unknown> =
    shows === "running"
      ? { state: ["running", "paused"], metric, tenant_id: tenant, sort: "due_at" }
      : {
          missed: true,
          metric,
          tenant_id: tenant,
          "started_at.gte": startOfDay(`${month}-01`, timeZone).toISOString(),
          "started_at.lt": startOfDay(next, timeZone).toISOString(),
        };
  return (
    <Section
      title={t(`figures.${shows}`)}
      flush
      actions={
        <SegmentedControl
          size="xs"
          data={["missed", "running"].map((one) => ({ value: one, label: t(`figures.show_${one}`) }))}
          value={shows}
          onChange={(one) => change({ shows: one })}
        />
      }
    >
      <DataTable
        name="figures"
        noun="figures"
        route="GET /promises"
        columns={columns}
        filters={[]}
        fixed={fixed}
        sort="-started_at"
        isPlain
        open={(row) => `/tickets/${row.ticket_id}`}
        empty={{ title: t(`figures.none_${shows}`) }}
      />
    </Section>
  );
}

function useColumns(isProvider: boolean): Column<Row>[] {
  const { t, value, language } = useText();
  const clock = useClock();
  const duration = useDuration();
  return useMemo(
    () => [
      {
        id: "reference",
        cell: (row) => (
          <span>
            <span className="y-num">{row.reference}</span> {row.subject}
          </span>
        ),
      },
      ...(isProvider ? [{ id: "tenant_name", label: t("field.tenant_id"), cell: (row: Row) => row.tenant_name }] : []),
      { id: "severity", cell: (row) => value("severity", row.severity) },
      { id: "started_at", cell: (row) => clock.dateTime(row.started_at) },
      {
        id: "allowance_s",
        align: "right" as const,
        cell: (row) => (row.allowance_s === null ? "–" : duration(row.allowance_s)),
      },
      {
        id: "elapsed_s",
        align: "right" as const,
        cell: (row) => (row.elapsed_s === null ? "–" : duration(row.elapsed_s)),
      },
      {
        id: "due_at",
        cell: (row) =>
          row.due_at && row.state === "running" ? (
            <ClockDue due={row.due_at} since={row.started_at} />
          ) : (
            <StatusBadge
              field="promise_state"
              word={row.state}
              tone={row.state === "missed" ? "bad" : row.state === "met" ? "ok" : "mute"}
            />
          ),
      },
      { id: "assignee_name", isExtra: true, cell: (row) => row.assignee_name },
    ],
    [isProvider, language],
  );
}
