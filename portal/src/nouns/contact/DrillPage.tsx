/* DrillPage: one drill, contact by contact: who was reached, how, and who is to be called. */
import { Button, Text } from "@mantine/core";
import { lazy, useState } from "react";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { useParam } from "@/ui/nav";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import classes from "./ContactsPage.module.css";
import { DrillStanding } from "./DrillStanding";

const DrillCallForm = lazy(() => import("./DrillCallForm"));

type Drill = Out<"GET /contact-drills/{id}">;
export type DrillLine = NonNullable<Drill["lines"]>[number];

export default function DrillPage() {
  const { t } = useText();
  const clock = useClock();
  const drill = useRead("GET /contact-drills/{id}", { path: { id: useParam("id") } });
  const data = drill.data;
  return (
    <Page
      title={data ? `${data.tenant_name} ${data.quarter}` : t("page.drill")}
      badge={data && <DrillStanding word={data.standing} />}
      lead={data && t("drill.until", { day: clock.date(data.due_at) })}
      back={{ to: "/contact-drills", title: t("page.drills") }}
    >
      <Loaded of={drill}>{(row) => <Body drill={row} />}</Loaded>
    </Page>
  );
}

function Body({ drill }: { drill: Drill }) {
  const { t } = useText();
  const { may, isProvider } = useSession();
  const [called, setCalled] = useState<DrillLine | null>(null);
  const mayCall = isProvider && may("services:write");
  return (
    <>
      <Section title={t("drill.lines")} lead={t("drill.lines_lead")} flush>
        <ol className={classes.list}>
          {(drill.lines ?? []).map((line, index) => (
            <Line key={line.id} line={line} place={index + 1} onCall={mayCall ? () => setCalled(line) : undefined} />
          ))}
        </ol>
      </Section>
      <ObjectHistory type="contact_drill" id={drill.id} />
      <FormDialog
        title={t("drill.call", { name: called?.name })}
        isOpen={Boolean(called)}
        onClose={() => setCalled(null)}
      >
        {called && <DrillCallForm drillId={drill.id} line={called} onDone={() => setCalled(null)} />}
      </FormDialog>
    </>
  );
}

function Line({ line, place, onCall }: { line: DrillLine; place: number; onCall?: () => void }) {
  const { t, value } = useText();
  const clock = useClock();
  const isKnown = Boolean(line.outcome);
  return (
    <li className={classes.contact}>
      <span className={classes.place}>{place}</span>
      <div>
        <b>{line.name}</b>
        <div className={classes.quiet}>{line.email}</div>
      </div>
      <div className={classes.phone}>{line.phone ?? <Text c="dimmed">{t("contact.no_phone")}</Text>}</div>
      <div>
        {isKnown ? (
          <StatusBadge
            field="drill_outcome"
            word={line.outcome}
            tone={line.outcome === "reached" ? "ok" : "bad"}
          />
        ) : (
          <StatusBadge field="drill_outcome" word="waiting" tone="mute" />
        )}
        <div className={classes.quiet}>
          {isKnown && line.at
            ? [value("drill_way", line.way), clock.dateTime(line.at), line.made_by].filter(Boolean).join(" · ")
            : line.mailed_at && t("drill.mailed", { at: clock.dateTime(line.mailed_at) })}
        </div>
        {line.note && <div className={classes.quiet}>{line.note}</div>}
      </div>
      {onCall ? (
        <Button size="compact-sm" variant="default" onClick={onCall}>
          {t("drill.record_call")}
        </Button>
      ) : (
        <span />
      )}
    </li>
  );
}
