/* HandoverPage: a pack as it was written, and taking it over. */
import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useParam } from "@/ui/nav";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Note } from "@/ui/Note";
import { Loaded, Page } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import classes from "./Handover.module.css";
import { Pack } from "./Pack";

type Handover = Out<"GET /handovers/{id}">;

export default function HandoverPage() {
  const { t } = useText();
  const clock = useClock();
  const handover = useRead("GET /handovers/{id}", { path: { id: useParam("id") } });
  const data = handover.data;
  return (
    <Page
      title={data ? t("handover.title", { at: clock.dateTime(data.written_at) }) : t("page.handover")}
      badge={
        data && (
          <StatusBadge field="handover_state" word={data.state} tone={data.state === "accepted" ? "ok" : "warn"} />
        )
      }
      lead={data && t("handover.from", { name: data.written_by })}
      back={{ to: "/handovers", title: t("page.handovers") }}
      actions={
        <Button className={classes.screen} variant="default" onClick={() => window.print()}>
          {t("handover.print")}
        </Button>
      }
    >
      <Loaded of={handover}>{(row) => <Body handover={row} />}</Loaded>
    </Page>
  );
}

function Body({ handover }: { handover: Handover }) {
  const { t } = useText();
  const clock = useClock();
  return (
    <div className={classes.pack}>
      {handover.accepted_at && (
        <Note
          tone="ok"
          title={t("handover.accepted", { name: handover.accepted_by, at: clock.dateTime(handover.accepted_at) })}
        >
          {handover.remarks}
        </Note>
      )}
      {handover.notes && <div className={classes.notes}>{handover.notes}</div>}
      {handover.can?.includes("accept") && <Accept handover={handover} />}
      <Pack items={handover.items ?? []} at={handover.written_at} />
    </div>
  );
}

function Accept({ handover }: { handover: Handover }) {
  const { t, field } = useText();
  const { person } = useSession();
  const [remarks, setRemarks] = useState("");
  const accept = useVerb("POST /handovers/{id}/accept");
  if (person?.id === handover.written_by_id) return <Note tone="info">{t("handover.yours")}</Note>;
  const take = async () => {
    try {
      const body = { remarks: remarks.trim() || undefined };
      await accept.mutateAsync({ path: { id: handover.id }, body });
      notifyDone(t("handover.taken"));
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  return (
    <div className={classes.screen}>
      <Textarea
        label={field("remarks", "handover")}
        size="md"
        autosize
        minRows={2}
        maxLength={5000}
        value={remarks}
        onChange={(event) => setRemarks(event.currentTarget.value)}
      />
      <Group mt="sm">
        <Button size="md" loading={accept.isPending} onClick={() => void take()}>
          {t("handover.accept", { name: person?.name })}
        </Button>
      </Group>
    </div>
  );
}
