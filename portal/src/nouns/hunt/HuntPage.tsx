/* HuntPage: one search or hunt: how far it is, what it found so far, and each event as it arrived. */
import { Button, Code } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { kindKey } from "@/ui/event-kinds";
import { Facts } from "@/ui/Facts";
import { useGo, useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { ExactTime, RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useNumbers } from "@/ui/time";
import classes from "./Hunt.module.css";
import { HuntProgress, isOver, type Hunt } from "./HuntProgress";
import { HUNT_TONES } from "./tones";

const EventDrawer = lazy(() => import("@/ui/EventDrawer"));

type Hit = Item<"GET /hunts/{hunt_id}/hits">;

export default function HuntPage() {
  const { t } = useText();
  const hunt = useRead("GET /hunts/{id}", { path: { id: useParam("id") } });
  const data = hunt.data;
  return (
    <Page
      title={data?.title ?? t("page.hunt")}
      lead={data?.note}
      back={{ to: "/hunts", title: t("page.hunts") }}
      badge={data && <StatusBadge field="hunt_state" word={data.state} tone={HUNT_TONES[data.state]} />}
      actions={data && <HuntVerbs hunt={data} />}
    >
      <Loaded of={hunt}>{(row) => <Body hunt={row} />}</Loaded>
    </Page>
  );
}

function HuntVerbs({ hunt }: { hunt: Hunt }) {
  const { t } = useText();
  const go = useGo();
  const cancel = useVerb("POST /hunts/{id}/cancel");
  const remove = useVerb("DELETE /hunts/{id}");
  const failed = (error: unknown) => notifyProblem(error, t("state.failed"));
  const again = () =>
    void go("/events", {
      about: hunt.about === "detections" ? hunt.about : undefined,
      language: hunt.language,
      conditions: hunt.conditions?.length
        ? JSON.stringify(hunt.conditions.map((c) => ({ ...c, field: c.field ?? "", values: c.values ?? [] })))
        : undefined,
      body: hunt.language === "sigma" || hunt.language === "xml" ? (hunt.body ?? undefined) : undefined,
      host: hunt.host ?? undefined,
    });
  return (
    <>
      <Button variant="default" onClick={again}>
        {t("hunt.ask_again")}
      </Button>
      {hunt.can?.includes("cancel") && (
        <Button
          color="red"
          variant="light"
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ path: { id: hunt.id } }, { onError: failed })}
        >
          {t("hunt.cancel")}
        </Button>
      )}
      {hunt.can?.includes("delete") && (
        <Button
          variant="default"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(
              { path: { id: hunt.id } },
              {
                onSuccess: () => {
                  notifyDone(t("hunt.deleted"));
                  void go("/hunts");
                },
                onError: failed,
              },
            )
          }
        >
          {t("hunt.delete")}
        </Button>
      )}
    </>
  );
}

function Body({ hunt }: { hunt: Hunt }) {
  const { t, value, field } = useText();
  const number = useNumbers();
  return (
    <>
      <HuntProgress hunt={hunt} />
      {hunt.problem && (
        <Note tone={hunt.state === "failed" ? "bad" : "warn"} role="status">
          {hunt.problem}
        </Note>
      )}
      <Hits hunt={hunt} />
      <Section title={t("hunt.question")}>
        <Facts
          of={[
            [field("about", "hunt"), value("hunt_about", hunt.about)],
            [field("language", "hunt"), value("hunt_language", hunt.language)],
            [field("from_at", "hunt"), <ExactTime key="from" at={hunt.from_at} />],
            [field("until_at", "hunt"), <ExactTime key="until" at={hunt.until_at} />],
            [field("host", "hunt"), hunt.host],
            [field("owner_name", "hunt"), hunt.owner_name],
            [field("created_at"), <RelativeTime key="at" at={hunt.created_at} />],
            [field("events_read", "hunt"), number(hunt.events_read)],
            ...(hunt.about === "events"
              ? ([
                  [field("segments_read", "hunt"), `${number(hunt.segments_read)} / ${number(hunt.segments_total)}`],
                ] as [string, string][])
              : []),
          ]}
        />
        {hunt.conditions?.length ? (
          <ul className={classes.asked}>
            {hunt.conditions.map((c, n) => (
              <li key={n}>
                {c.field ?? t("hunt.anywhere")} {value("hunt_operator", c.operator)} {(c.values ?? []).join(" | ")}
              </li>
            ))}
          </ul>
        ) : (
          hunt.body && <Code block>{hunt.body}</Code>
        )}
      </Section>
    </>
  );
}

function Hits({ hunt }: { hunt: Hunt }) {
  const { t, value, field, language } = useText();
  const [open, setOpen] = useState<Hit | null>(null);
  const go = useGo();
  const isNamed = hunt.language !== "conditions" || hunt.about === "detections";
  const titleOf = (row: Hit) => (language === "ja" && row.rule_title_ja) || row.rule_title;
  const isWide = (hunt.tenant_ids?.length ?? 0) > 1;
  const filters = useMemo<Filter<FilterOf<"GET /hunts/{hunt_id}/hits">>[]>(
    () => [
      { field: "host", kind: "text" },
      { field: "kind", kind: "text" },
      { field: "at", kind: "period" },
    ],
    [],
  );
  const columns = useMemo<Column<Hit>[]>(
    () => [
      { id: "at", cell: (row) => <ExactTime at={row.at} /> },
      ...(isNamed
        ? [
            {
              id: "rule_title",
              cell: (row: Hit) => <TwoLines first={titleOf(row) ?? ""} second={String(row.score ?? "")} />,
            },
          ]
        : []),
      { id: "host", cell: (row) => <TwoLines first={row.host ?? ""} second={row.user_name ?? ""} /> },
      { id: "kind", cell: (row) => value("event_kind", kindKey(row.kind)) },
      {
        id: "summary",
        cell: (row) => (
          <>
            <div className={classes.summary}>{row.summary}</div>
            <div className={classes.program}>{row.process_path}</div>
          </>
        ),
      },
      ...(isWide ? [{ id: "tenant_name", cell: (row: Hit) => row.tenant_name }] : []),
    ],
    [language, isNamed, isWide],
  );
  return (
    <>
      <DataTable
        name="hunt_hits"
        noun="hunt"
        route="GET /hunts/{hunt_id}/hits"
        path={{ hunt_id: hunt.id }}
        columns={columns}
        filters={filters}
        sort="-at"
        onOpen={(row) => (row.detection_id ? void go(`/detections/${row.detection_id}`) : setOpen(row))}
        empty={{
          title: t(isOver(hunt) ? `hunt.nothing.${hunt.about}` : "hunt.nothing_yet"),
          hint: t("hunt.nothing_hint"),
        }}
      />
      {open && (
        <Suspense>
          <EventDrawer
            title={titleOf(open) ?? value("event_kind", kindKey(open.kind))}
            event={open.event}
            facts={[
              [field("at"), <ExactTime key="at" at={open.at} />],
              [field("host", "hunt"), open.host],
              [field("user_name", "hunt"), open.user_name],
              [field("process_path", "hunt"), open.process_path],
            ]}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </>
  );
}
