/* TimeSpent: how long engineers worked on a case. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { Section } from "@/ui/Page";
import { useClock } from "@/ui/time";
import { useMayWrite } from "../rights";
import { RemoveButton } from "./RemoveButton";
import type { WorkProps } from "./TicketWork";
import { useWorkVerb } from "./useWorkVerb";
import classes from "./Work.module.css";

export function TimeSpent({ ticket, work }: WorkProps) {
  const { t } = useText();
  const { person } = useSession();
  const mayWrite = useMayWrite();
  const [isAdding, setAdding] = useState(false);
  const remove = useWorkVerb("DELETE /ticket-times/{id}");
  return (
    <Section
      title={t("work.time")}
      lead={work.minutes > 0 ? t("work.time_sum", { time: useSpan(work.minutes) }) : undefined}
      flush
      actions={
        mayWrite && (
          <Button size="compact-xs" variant="default" onClick={() => setAdding(true)}>
            {t("work.add_time")}
          </Button>
        )
      }
    >
      {work.times.length === 0 ? (
        <div className={classes.empty}>{t("work.no_time")}</div>
      ) : (
        <ul className={classes.list}>
          {work.times.map((entry) => (
            <li key={entry.id} className={classes.row}>
              <span className={classes.grow}>
                {entry.note || entry.person_name}
                <small>{[entry.note && entry.person_name, entry.worked_on].filter(Boolean).join(" · ")}</small>
              </span>
              <span className={classes.sum}>
                <Span minutes={entry.minutes} />
              </span>
              {mayWrite && entry.person_id === person?.id && (
                <RemoveButton
                  label={t("work.remove_time")}
                  onClick={() => remove.run({ path: { id: entry.id! } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <FormDialog title={t("work.add_time")} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddTime ticketId={ticket.id} onClose={() => setAdding(false)} />
      </FormDialog>
    </Section>
  );
}

function useSpan(minutes: number): string {
  const { t } = useText();
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && t("work.hours", { n: hours }), rest && t("work.minutes", { n: rest })]
    .filter(Boolean)
    .join(" ");
}

const Span = ({ minutes }: { minutes: number }) => <>{useSpan(minutes)}</>;

function AddTime({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const { t } = useText();
  const { timeZone } = useClock();
  const today = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(new Date());
  return (
    <Form
      route="POST /tickets/{id}/times"
      noun="ticket_time"
      path={{ id: ticketId }}
      layout={[["worked_on", "minutes"], "note"]}
      initial={{ worked_on: today }}
      submit={t("work.add_time")}
      onCancel={onClose}
      onDone={onClose}
    />
  );
}
