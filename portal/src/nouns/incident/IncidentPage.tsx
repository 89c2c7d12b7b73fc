/* IncidentPage: one story: what happened, how it hangs together, and what is done about it. */
import { Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { LoadingState } from "@/ui/LoadingState";
import { Markdown } from "@/ui/Markdown";
import { useParam, useWords } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import classes from "./Incident.module.css";
import { IncidentVerbs } from "./IncidentVerbs";
import { Detections, Objects } from "./Parts";
import { STATUS_TONE } from "./status";
import { Timeline } from "./Timeline";

const Graph = lazy(() => import("./IncidentGraph"));

export type Incident = Out<"GET /incidents/{id}">;

const TABS = ["graph", "timeline", "detections", "computers", "executables", "processes"] as const;

export default function IncidentPage() {
  const { t } = useText();
  const { may } = useSession();
  const incident = useRead("GET /incidents/{id}", { path: { id: useParam("id") } });
  const data = incident.data;
  return (
    <Page
      title={data ? `${data.reference} ${data.title}` : t("page.incident")}
      lead={data?.tenant_name}
      back={{ to: "/incidents", title: t("page.incidents") }}
      badge={
        data && (
          <>
            <Score of={data.score} />
            <StatusBadge field="incident_status" word={data.status} tone={STATUS_TONE[data.status ?? ""]} />
          </>
        )
      }
      actions={data && <IncidentVerbs incident={data} />}
    >
      <Loaded of={incident}>
        {(row) => (
          <>
            <Ended of={row} />
            <About of={row} />
            <Work of={row} />
            {may("audit:read") && <ObjectHistory type="incident" id={row.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Ended({ of }: { of: Incident }) {
  const { t, value } = useText();
  if (of.merged_into)
    return (
      <Note tone="info" title={t("incident.goes_on", { reference: of.merged_into })}>
        <To to={`/incidents/${of.merged_into_id}`}>{of.merged_into}</To>
      </Note>
    );
  if (!of.verdict) return null;
  return (
    <Note tone={of.verdict === "true_positive" ? "bad" : "ok"} title={value("verdict", of.verdict)}>
      {of.close_reason} <RelativeTime at={of.closed_at} />
    </Note>
  );
}

function About({ of }: { of: Incident }) {
  const { t, field, value } = useText();
  return (
    <Section title={t("incident.about")}>
      {of.summary && <Markdown text={of.summary} />}
      <Facts
        of={[
          [field("assignee_name", "incident"), of.assignee_name],
          [field("level", "incident"), of.level == null ? null : value("incident_level", String(of.level))],
          [field("severity", "incident"), value("incident_severity", of.severity)],
          [field("rule_name", "incident"), of.rule_name ?? of.opened_by_name],
          [field("detections", "incident"), `${of.open_detections} / ${of.detections}`],
          [field("computers", "incident"), of.computers],
          [
            field("tactics", "incident"),
            <Tags key="t" of={(of.tactics ?? []).map((one) => value("tactic", one))} max={6} />,
          ],
          [field("techniques", "incident"), <Tags key="x" of={of.techniques} max={6} />],
          [field("first_at", "incident"), <RelativeTime key="f" at={of.first_at} />],
          [field("last_at", "incident"), <RelativeTime key="l" at={of.last_at} />],
          [field("told_at", "incident"), <RelativeTime key="d" at={of.told_at} />],
          [
            field("ticket_reference", "incident"),
            of.ticket_id ? (
              <To key="c" to={`/tickets/${of.ticket_id}`}>
                {of.ticket_reference}
              </To>
            ) : null,
          ],
        ]}
      />
    </Section>
  );
}

/* What is chosen in the timeline shows in the graph, and the other way round. */
function Work({ of }: { of: Incident }) {
  const { t } = useText();
  const [words, change] = useWords();
  const [chosen, choose] = useState<string[]>([]);
  const tab = TABS.find((one) => one === words.tab) ?? "graph";
  return (
    <Tabs value={tab} onChange={(next) => change({ tab: next ?? undefined })} keepMounted={false}>
      <Tabs.List mb="md">
        {TABS.map((key) => (
          <Tabs.Tab key={key} value={key}>
            {t(`incident.tab.${key}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="graph">
        <div className={classes.work}>
          <Suspense fallback={<LoadingState />}>
            <Graph incident={of} chosen={chosen} onChoose={choose} />
          </Suspense>
          <Timeline incident={of} chosen={chosen} onChoose={choose} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <Timeline incident={of} chosen={chosen} onChoose={choose} isWide />
      </Tabs.Panel>
      <Tabs.Panel value="detections">
        <Detections incident={of} />
      </Tabs.Panel>
      <Tabs.Panel value="computers">
        <Objects incident={of} kind="computer" to={(id) => `/computers/${id}`} />
      </Tabs.Panel>
      <Tabs.Panel value="executables">
        <Objects incident={of} kind="executable" to={(id) => `/executables/${id}`} />
      </Tabs.Panel>
      <Tabs.Panel value="processes">
        <Objects incident={of} kind="process" />
      </Tabs.Panel>
    </Tabs>
  );
}
