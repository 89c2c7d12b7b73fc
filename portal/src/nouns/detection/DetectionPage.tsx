/* DetectionPage: one thing that was found: why, where, how often, where else, and what is done about it. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ConditionTree, type ConditionPart } from "@/ui/ConditionTree";
import { Facts } from "@/ui/Facts";
import { useGo, useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { notifyProblem } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import classes from "./Detections.module.css";
import { EventFields } from "./EventFields";
import { titleOf } from "./rights";
import { HostTimelineSlot, ProcessTreeSlot } from "./slots";

const ResolveDialog = lazy(() => import("./ResolveDialog"));

type Detection = Out<"GET /detections/{id}">;

export default function DetectionPage() {
  const { t, language } = useText();
  const { may } = useSession();
  const detection = useRead("GET /detections/{id}", { path: { id: useParam("id") } });
  const data = detection.data;
  return (
    <Page
      title={data ? titleOf(data, language) : t("page.detection")}
      lead={data && [data.tenant_name, data.computer_name, data.user_name].filter(Boolean).join(" · ")}
      back={{ to: "/detections", title: t("page.detections") }}
      badge={data && <Score of={data.score} />}
      actions={data && <Verbs detection={data} />}
    >
      <Loaded of={detection}>
        {(row) => (
          <>
            <Verdict of={row} />
            <div className={classes.columns}>
              <Why id={row.id} />
              <About of={row} />
            </div>
            <ProcessTreeSlot detection={row} />
            <div className={classes.columns}>
              <EventFields detection={row} />
              <div>
                <Elsewhere id={row.id} />
                <Occurrences of={row} />
              </div>
            </div>
            <HostTimelineSlot detection={row} />
            {may("audit:read") && <ObjectHistory type="detection" id={row.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Verbs({ detection }: { detection: Detection }) {
  const { t } = useText();
  const go = useGo();
  const { may } = useSession();
  const take = useVerb("POST /detections/{id}/take", ["audit"]);
  const [asked, ask] = useState<"resolve" | "reopen" | null>(null);
  const can = (verb: string) => detection.can?.includes(verb);
  return (
    <>
      {can("exclude") && may("rules:write") && (
        <Button variant="default" onClick={() => void go("/exclusions/new", { detection: detection.id })}>
          {t("detection.verb.exclude")}
        </Button>
      )}
      {can("take") && detection.status === "new" && (
        <Button
          variant="default"
          loading={take.isPending}
          onClick={() =>
            take.mutate(
              { path: { id: detection.id } },
              { onError: (error) => notifyProblem(error, t("state.failed")) },
            )
          }
        >
          {t("detection.verb.take")}
        </Button>
      )}
      {can("resolve") && <Button onClick={() => ask("resolve")}>{t("detection.verb.resolve")}</Button>}
      {can("reopen") && (
        <Button variant="default" onClick={() => ask("reopen")}>
          {t("detection.verb.reopen")}
        </Button>
      )}
      {asked && (
        <Suspense>
          <ResolveDialog detection={detection} isReopening={asked === "reopen"} onClose={() => ask(null)} />
        </Suspense>
      )}
    </>
  );
}

function Verdict({ of }: { of: Detection }) {
  const { value } = useText();
  if (!of.verdict) return null;
  return (
    <Note tone={of.verdict === "true_positive" ? "bad" : "ok"} role="status" title={value("verdict", of.verdict)}>
      {of.reason} {of.resolved_by_name && `(${of.resolved_by_name})`} <RelativeTime at={of.resolved_at} />
    </Note>
  );
}

function Why({ id }: { id: string }) {
  const { t } = useText();
  const why = useRead("GET /detections/{id}/explanation", { path: { id } });
  return (
    <Section title={t("detection.why")} lead={t("detection.why_lead")}>
      <Loaded of={why}>
        {(answer) =>
          answer.tree ? (
            <ConditionTree of={answer.tree as ConditionPart} />
          ) : (
            <p className={classes.none}>{t(`detection.no_why.${answer.note ?? "gone"}`)}</p>
          )
        }
      </Loaded>
    </Section>
  );
}

function About({ of }: { of: Detection }) {
  const { t, field, value, language } = useText();
  const { may } = useSession();
  const rule = titleOf(of, language);
  return (
    <Section title={t("detection.about")}>
      <Facts
        of={[
          [field("status"), <StatusBadge key="s" field="detection_status" word={of.status} />],
          [field("assignee_name", "detection"), of.assignee_name],
          [
            field("rule_id", "detection"),
            may("rules:read") ? (
              <To key="r" to={`/rules/${of.rule_id}`}>
                {rule}
              </To>
            ) : (
              rule
            ),
          ],
          [
            field("tactics", "detection"),
            <Tags key="t" of={(of.tactics ?? []).map((one) => value("tactic", one))} max={4} />,
          ],
          [field("techniques", "detection"), <Tags key="x" of={of.techniques} max={6} />],
          [field("computer_name", "detection"), of.computer_name],
          [field("user_name", "detection"), of.user_name],
          [field("process_path", "detection"), <Mono key="p" of={of.process_path} />],
          [field("command_line", "detection"), <Mono key="c" of={of.command_line} />],
          [field("parent_path", "detection"), <Mono key="a" of={of.parent_path} />],
          [field("sha256", "detection"), <Mono key="h" of={of.sha256} />],
          [field("target", "detection"), <Mono key="g" of={of.target} />],
          [field("first_at", "detection"), <RelativeTime key="f" at={of.first_at} />],
          [field("last_at", "detection"), <RelativeTime key="l" at={of.last_at} />],
          [field("occurrences", "detection"), of.occurrences],
        ]}
      />
    </Section>
  );
}

const Mono = ({ of }: { of: string | null | undefined }) => (of ? <span className="y-mono">{of}</span> : "–");

function Elsewhere({ id }: { id: string }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const where = useRead("GET /detections/{id}/elsewhere", { path: { id } });
  const on = (count: number, computers: number) => t("detection.same.on_computers", { count, computers });
  return (
    <Section title={t("detection.elsewhere")}>
      <Loaded of={where}>
        {(row) => (
          <Facts
            of={[
              [t("detection.same.rule_here"), on(row.rule_here, row.rule_computers_here)],
              [t("detection.same.command_here"), on(row.command_here, row.command_computers_here)],
              [t("detection.same.file_here"), row.file_here],
              ...(isProvider
                ? ([
                    [t("detection.same.rule_tenants"), row.rule_tenants],
                    [t("detection.same.file_tenants"), row.file_tenants],
                  ] as [string, number][])
                : []),
              [
                t("detection.same.judged"),
                t("detection.same.verdicts", { right: row.true_positives, wrong: row.false_positives }),
              ],
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Occurrences({ of }: { of: Detection }) {
  const { t } = useText();
  if (of.origin === "correlation") return null;
  return (
    <Section title={t("detection.occurrences_of", { count: of.occurrences })} flush>
      <DataTable
        name="detection_occurrences"
        noun="detection"
        route="GET /detections/{id}/occurrences"
        path={{ id: of.id }}
        isPlain
        columns={[
          { id: "at", cell: (row) => <RelativeTime at={row.at} /> },
          { id: "process_guid", cell: (row) => <Mono of={row.process_guid} /> },
          { id: "event_index", align: "right", cell: (row) => row.event_index },
        ]}
        sort="-at"
        empty={{ title: t("state.nothing_found") }}
      />
    </Section>
  );
}
