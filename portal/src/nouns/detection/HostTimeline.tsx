/* HostTimeline: what happened on the same computer around a time, of any process; each line opens its event. */
import { Group, MultiSelect, SegmentedControl, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { EVENT_KINDS, kindKey } from "@/ui/event-kinds";
import { Note } from "@/ui/Note";
import { Loaded } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { programOf, sameProcess } from "./process-tree";
import classes from "./Trace.module.css";

const EventDrawer = lazy(() => import("@/ui/EventDrawer"));
const AROUND = ["1", "5", "15", "60"];
const MINUTE_MS = 60_000;

type HostEvent = NonNullable<Out<"GET /host-events">["items"]>[number];

interface TimelineProps {
  tenantId: string;
  host: string;
  at: string;
  guid: string | null;
}

export default function HostTimeline({ tenantId, host, at, guid }: TimelineProps) {
  const { t, value } = useText();
  const [around, look] = useState("5");
  const [kinds, choose] = useState<string[]>([]);
  const [open, setOpen] = useState<HostEvent | null>(null);
  const span = Number(around) * MINUTE_MS;
  const events = useRead("GET /host-events", {
    query: {
      tenant_id: tenantId,
      host,
      from_at: new Date(Date.parse(at) - span).toISOString(),
      until_at: new Date(Date.parse(at) + span).toISOString(),
      ...(kinds.length > 0 && { kinds }),
    } as never,
  });
  return (
    <>
      <Group gap="sm" mb="sm" align="center">
        <SegmentedControl
          size="xs"
          aria-label={t("trace.around")}
          data={AROUND.map((one) => ({ value: one, label: t("trace.minutes", { count: Number(one) }) }))}
          value={around}
          onChange={look}
        />
        <MultiSelect
          className={classes.kinds}
          size="xs"
          aria-label={t("trace.kinds")}
          placeholder={kinds.length > 0 ? undefined : t("trace.kinds")}
          data={EVENT_KINDS.map((one) => ({ value: one, label: value("event_kind", kindKey(one)) }))}
          value={kinds}
          onChange={choose}
          maxValues={20}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("action.clear") }}
        />
      </Group>
      <Loaded of={events}>
        {(told) =>
          told.items?.length ? (
            <>
              <Text size="sm" c="dimmed" role="status">
                {t("trace.events", { count: told.items.length })}
              </Text>
              {told.cut && <Note tone="info">{t("trace.cut")}</Note>}
              <Lines of={told.items} guid={guid} onOpen={setOpen} />
            </>
          ) : (
            <EmptyState title={t("trace.no_events")} hint={t("trace.no_events_hint")} />
          )
        }
      </Loaded>
      {open && (
        <Suspense>
          <EventDrawer
            title={value("event_kind", kindKey(open.kind))}
            event={open.event}
            facts={[
              [t("trace.started"), <ExactTime key="at" at={open.at} />],
              [t("trace.user"), open.user],
              [t("trace.image"), open.image],
            ]}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function Lines({ of, guid, onOpen }: { of: HostEvent[]; guid: string | null; onOpen: (event: HostEvent) => void }) {
  const { t, value } = useText();
  return (
    <ol className={classes.events} aria-label={t("trace.timeline")} tabIndex={0}>
      {of.map((event, at) => (
        <li key={at} data-subject={(guid && sameProcess(event.process_guid, guid)) || undefined}>
          <button type="button" className={classes.event} onClick={() => onOpen(event)}>
            <ExactTime at={event.at} />
            <span className={classes.kind}>{value("event_kind", kindKey(event.kind))}</span>
            <span className={classes.program}>{programOf(event.image)}</span>
            <span className={classes.summary}>{event.summary}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
