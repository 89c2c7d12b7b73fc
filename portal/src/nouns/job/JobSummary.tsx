import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { useNumbers } from "@/ui/time";
import classes from "./JobSummary.module.css";

type Count = NonNullable<Out<"GET /jobs/summary">["items"]>[number];

const STATES = ["ready", "acting", "dead"] as const;

/* One line per kind of job: what waits, what runs, what gave up. */
export function JobSummary() {
  const { t } = useText();
  const summary = useRead("GET /jobs/summary");
  return (
    <Section title={t("job.summary")} flush>
      <Loaded of={summary}>
        {(data) =>
          data.items?.length ? (
            <KindTable counts={data.items} />
          ) : (
            <EmptyState title={t("job.nothing_waits")} />
          )
        }
      </Loaded>
    </Section>
  );
}

function KindTable({ counts }: { counts: Count[] }) {
  const { t, value } = useText();
  const number = useNumbers();
  const kinds = [...new Set(counts.map((count) => count.kind))];
  const of = (kind: string | null, state: string) =>
    counts.find((count) => count.kind === kind && count.state === state);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t("job.summary")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("job.field.kind")}</th>
            {STATES.map((state) => (
              <th key={state} scope="col">
                {value("job_state", state)}
              </th>
            ))}
            <th scope="col">{t("job.oldest")}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{value("job_kind", kind)}</th>
              {STATES.map((state) => (
                <td key={state} data-bad={(state === "dead" && Boolean(of(kind, state)?.count)) || undefined}>
                  {number(of(kind, state)?.count ?? 0)}
                </td>
              ))}
              <td>
                <RelativeTime at={of(kind, "ready")?.oldest_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
