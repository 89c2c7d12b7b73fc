/* TicketEscalations: who was told of a deadline of this case, and "I have it". Only engineers see it. */
import { Button, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import classes from "./TicketEscalations.module.css";
import { useMayWrite } from "./rights";

type Walk = Item<"GET /tickets/{id}/escalations">;

const TONES: Record<string, Tone> = { walking: "bad", acknowledged: "ok", settled: "ok", exhausted: "bad" };
const SHOWN = 4;

export default function TicketEscalations({ id }: { id: string }) {
  const { t } = useText();
  const place = useRef<HTMLDivElement>(null);
  const walks = useRead("GET /tickets/{id}/escalations", { path: { id }, query: { limit: SHOWN } });
  const mayWrite = useMayWrite();
  const have = useVerb("POST /tickets/{id}/acknowledge");
  const rows = walks.data?.items ?? [];
  const isHere = rows.length > 0;
  useEffect(() => {
    // Where the mail leads.
    if (isHere && window.location.hash === "#escalation") place.current?.scrollIntoView({ block: "center" });
  }, [isHere]);
  if (!isHere) return null;
  const isWalking = rows.some((row) => row.state === "walking");
  return (
    <div ref={place} id="escalation">
      <Section
        title={t("escalation.title")}
        lead={t(isWalking ? "escalation.walking_lead" : "escalation.lead")}
        actions={
          isWalking &&
          mayWrite && (
            <Button
              size="xs"
              loading={have.isPending}
              onClick={() =>
                have.mutate(
                  { path: { id } },
                  {
                    onSuccess: () => notifyDone(t("escalation.yours")),
                    onError: (error: unknown) => notifyProblem(error, t("state.failed")),
                  },
                )
              }
            >
              {t("escalation.have")}
            </Button>
          )
        }
      >
        <ul className={classes.walks}>
          {rows.map((row) => (
            <WalkLine key={row.id} walk={row} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function WalkLine({ walk }: { walk: Walk }) {
  const { t, value } = useText();
  const clock = useClock();
  const isLate = walk.mark === 100;
  const what = t(isLate ? "escalation.missed" : "escalation.used", {
    metric: value("metric", walk.metric),
    percent: walk.mark,
  });
  return (
    <li className={classes.walk} data-late={isLate || undefined}>
      <div className={classes.head}>
        <b>{what}</b>
        <StatusBadge field="escalation_state" word={walk.state} tone={TONES[walk.state] ?? "mute"} />
      </div>
      <Text size="xs" c="dimmed">
        <RelativeTime at={walk.raised_at} />
        {walk.acknowledged_by && ` · ${t("escalation.by", { name: walk.acknowledged_by })}`}
        {walk.next_at && ` · ${t("escalation.next", { time: clock.exact(walk.next_at) })}`}
      </Text>
      <ul className={classes.calls}>
        {(walk.calls ?? []).map((call) => (
          <li key={`${call.step}${call.person_id ?? ""}`}>
            <span>{call.name}</span>
            <span>{call.person_id && t(call.mail ? "escalation.by_mail" : "escalation.by_portal")}</span>
            <RelativeTime at={call.at} />
          </li>
        ))}
      </ul>
    </li>
  );
}
