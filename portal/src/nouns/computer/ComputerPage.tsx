/* ComputerPage: one machine: how it stands, what was found on it, what ran, and who was at work. */
import { Button, Tabs } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { Item, Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { FormDialog } from "@/ui/FormDialog";
import { useParam, useWords } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { ExactTime, RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { useNow } from "@/ui/time";
import { Colour } from "./Colour";

const ComputerAsk = lazy(() => import("./ComputerAsk"));

type Computer = Out<"GET /computers/{id}">;

export default function ComputerPage() {
  const { t } = useText();
  const { may } = useSession();
  const computer = useRead("GET /computers/{id}", { path: { id: useParam("id") } });
  const data = computer.data;
  return (
    <Page
      title={data?.name ?? t("page.computer")}
      lead={data?.tenant_name}
      back={{ to: "/computers", title: t("page.computers") }}
      badge={data && <Colour of={data.worst_score} />}
      actions={data && <Verbs computer={data} />}
    >
      <Loaded of={computer}>
        {(row) => (
          <>
            <About of={row} />
            <Lists of={row} />
            {may("audit:read") && <ObjectHistory type="computer" id={row.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Verbs({ computer }: { computer: Computer }) {
  const { t } = useText();
  const now = useNow();
  const [asked, ask] = useState<"tag" | "mute" | "note" | "join" | null>(null);
  const act = useVerb("POST /computers/{id}/act", ["audit", "computer-groups"]);
  if (!computer.can?.length) return null;
  const isMuted = computer.muted_until && Date.parse(computer.muted_until) > now;
  return (
    <>
      {(["tag", "note", "join"] as const).map((key) => (
        <Button key={key} variant="default" onClick={() => ask(key)}>
          {t(`computer.verb.${key}`)}
        </Button>
      ))}
      <Button
        variant="default"
        loading={act.isPending}
        onClick={() =>
          isMuted
            ? act.mutate(
                { path: { id: computer.id }, body: { action: "unmute" } as never },
                { onError: (error) => notifyProblem(error, t("state.failed")) },
              )
            : ask("mute")
        }
      >
        {t(isMuted ? "computer.verb.unmute" : "computer.verb.mute")}
      </Button>
      <FormDialog title={asked ? t(`computer.verb.${asked}`) : ""} isOpen={Boolean(asked)} onClose={() => ask(null)}>
        {asked && <ComputerAsk asked={asked} computer={computer} onClose={() => ask(null)} />}
      </FormDialog>
    </>
  );
}

function About({ of }: { of: Computer }) {
  const { t, field, value } = useText();
  return (
    <Section title={t("computer.about")}>
      <Facts
        of={[
          [field("os", "computer"), [value("os", of.os), of.os_version].filter(Boolean).join(" ")],
          [field("domain", "computer"), of.domain],
          [field("agent", "computer"), [of.agent, of.agent_version].filter(Boolean).join(" ")],
          [field("addresses", "computer"), <Tags key="a" of={of.addresses} max={4} />],
          [field("tags", "computer"), <Tags key="t" of={of.tags} max={10} />],
          [field("last_seen_at", "computer"), <RelativeTime key="l" at={of.last_seen_at} />],
          [field("first_seen_at", "computer"), <RelativeTime key="f" at={of.first_seen_at} />],
          [
            field("clock_skew_ms", "computer"),
            of.clock_skew_ms === null || of.clock_skew_ms === undefined
              ? null
              : t("computer.skew", { seconds: Math.round(of.clock_skew_ms / 1000) }),
          ],
          [field("events", "computer"), of.events],
          [field("muted_until", "computer"), of.muted_until ? <ExactTime key="m" at={of.muted_until} /> : null],
          [field("note", "computer"), of.note],
        ]}
      />
    </Section>
  );
}

const TABS = ["detections", "incidents", "executables", "scripts", "users"] as const;

function Lists({ of }: { of: Computer }) {
  const { t } = useText();
  const [words, change] = useWords();
  const tab = TABS.find((one) => one === words.tab) ?? "detections";
  return (
    <Tabs value={tab} onChange={(next) => change({ tab: next ?? undefined })} keepMounted={false}>
      <Tabs.List mb="md">
        {TABS.map((key) => (
          <Tabs.Tab key={key} value={key}>
            {t(`computer.tab.${key}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab}>
        {tab === "detections" && <Detections of={of} />}
        {tab === "incidents" && <Incidents of={of} />}
        {tab === "executables" && <Executables of={of} />}
        {tab === "scripts" && <Scripts of={of} />}
        {tab === "users" && <Users of={of} />}
      </Tabs.Panel>
    </Tabs>
  );
}

function Detections({ of }: { of: Computer }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /detections">>[]>(
    () => [
      { id: "score", width: 110, cell: (row) => <Score of={row.score} /> },
      { id: "title", cell: (row) => (language === "ja" && row.title_ja ? row.title_ja : row.title) },
      { id: "occurrences", align: "right", cell: (row) => row.occurrences },
      { id: "status", cell: (row) => <StatusBadge field="detection_status" word={row.status} /> },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="computer-detections"
      noun="detection"
      route="GET /detections"
      fixed={{ computer_id: of.id }}
      columns={columns}
      sort="-last_at"
      isPlain
      open={(row) => `/detections/${row.id}`}
      empty={{ title: t("computer.no_detections") }}
    />
  );
}

function Incidents({ of }: { of: Computer }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /incidents">>[]>(
    () => [
      { id: "score", width: 110, cell: (row) => <Score of={row.score} /> },
      { id: "reference", cell: (row) => row.reference },
      { id: "title", cell: (row) => row.title },
      { id: "status", cell: (row) => <StatusBadge field="incident_status" word={row.status} /> },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="computer-incidents"
      noun="incident"
      route="GET /incidents"
      fixed={{ computer_id: of.id }}
      columns={columns}
      sort="-last_at"
      isPlain
      open={(row) => `/incidents/${row.id}`}
      empty={{ title: t("computer.no_incidents") }}
    />
  );
}

function Executables({ of }: { of: Computer }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /executables">>[]>(
    () => [
      { id: "name", cell: (row) => <b>{row.name}</b> },
      { id: "path", cell: (row) => <span className="y-mono">{row.path}</span> },
      { id: "signer", cell: (row) => row.signer ?? "–" },
      { id: "computers", align: "right", cell: (row) => row.computers },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="computer-executables"
      noun="executable"
      route="GET /executables"
      fixed={{ computer_id: of.id }}
      columns={columns}
      sort="-last_seen_at"
      isPlain
      open={(row) => `/executables/${row.id}`}
      empty={{ title: t("computer.no_executables") }}
    />
  );
}

function Scripts({ of }: { of: Computer }) {
  const { t, value, language } = useText();
  const columns = useMemo<Column<Item<"GET /scripts">>[]>(
    () => [
      { id: "kind", cell: (row) => value("script_kind", row.kind) },
      {
        id: "command_line",
        cell: (row) => <span className="y-mono">{(row.command_line ?? row.body ?? "").slice(0, 200)}</span>,
      },
      { id: "runs", align: "right", cell: (row) => row.runs },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="computer-scripts"
      noun="script"
      route="GET /scripts"
      fixed={{ computer_id: of.id }}
      columns={columns}
      sort="-last_seen_at"
      isPlain
      empty={{ title: t("computer.no_scripts") }}
    />
  );
}

function Users({ of }: { of: Computer }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /computer-users">>[]>(
    () => [
      { id: "name", cell: (row) => row.name },
      { id: "first_seen_at", cell: (row) => <RelativeTime at={row.first_seen_at} /> },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="computer-users"
      noun="computer"
      route="GET /computer-users"
      fixed={{ computer_id: of.id }}
      columns={columns}
      sort="-last_seen_at"
      isPlain
      empty={{ title: t("computer.no_users") }}
    />
  );
}
