/* TicketCalls: calls about a case: whom to call next, and every attempt with what came of it. */
import { Button, Group, Text } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Section } from "@/ui/Page";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import { useClock } from "@/ui/time";
import { OVER } from "./views";
import classes from "./TicketCalls.module.css";

const CallForm = lazy(() => import("./CallForm"));

export type CallTask = Item<"GET /call-tasks">;
export type CallContact = NonNullable<CallTask["contacts"]>[number];
const TONES: Record<string, Tone> = { open: "warn", reached: "ok", ended: "mute" };

export default function TicketCalls({ ticket }: { ticket: Item<"GET /tickets"> }) {
  const { t } = useText();
  const { isProvider, may } = useSession();
  const tasks = useRead("GET /call-tasks", { query: { ticket_id: ticket.id, limit: 20 } });
  const [isAsking, setAsking] = useState(false);
  const rows = tasks.data?.items ?? [];
  const mayCall = isProvider && may("tickets:use");
  const canAsk = mayCall && !OVER.includes(ticket.status ?? "") && !rows.some((row) => row.state === "open");
  if (rows.length === 0 && !canAsk) return null;
  return (
    <Section
      title={t("call.title")}
      actions={
        canAsk && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
            {t("call.ask")}
          </Button>
        )
      }
    >
      {rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("call.none")}
        </Text>
      )}
      {rows.map((task) => (
        <Task key={task.id} task={task} mayCall={mayCall} />
      ))}
      <FormDialog title={t("call.ask")} isOpen={isAsking} onClose={() => setAsking(false)}>
        <CallForm kind="ask" ticketId={ticket.id} onDone={() => setAsking(false)} />
      </FormDialog>
    </Section>
  );
}

function Task({ task, mayCall }: { task: CallTask; mayCall: boolean }) {
  const { t, value } = useText();
  const clock = useClock();
  const [called, setCalled] = useState<CallContact | null>(null);
  const [isEnding, setEnding] = useState(false);
  const isOpen = task.state === "open";
  const close = () => (setCalled(null), setEnding(false));
  return (
    <div className={classes.task}>
      <StatusBadge field="call_state" word={task.state} tone={TONES[task.state ?? ""]} />
      <Text size="sm" mt={6}>
        {task.reason}
      </Text>
      <div className={classes.quiet}>{`${task.asked_by} · ${clock.dateTime(task.created_at)}`}</div>
      {isOpen && mayCall && <Next task={task} onCalled={setCalled} onEnd={() => setEnding(true)} />}
      <ol className={classes.attempts}>
        {(task.attempts ?? []).map((attempt) => (
          <li key={attempt.id}>
            <b>{value("call_outcome", attempt.outcome)}</b>
            {` · ${attempt.contact_name} `}
            <span className="y-num">{attempt.phone}</span>
            <div className={classes.quiet}>{`${attempt.made_by} · ${clock.dateTime(attempt.at)}`}</div>
            {attempt.note && <div>{attempt.note}</div>}
          </li>
        ))}
      </ol>
      {task.end_note && <Text size="sm">{task.end_note}</Text>}
      <FormDialog
        title={called ? t("call.record", { name: called.name }) : t("call.end")}
        isOpen={Boolean(called) || isEnding}
        onClose={close}
      >
        <CallForm kind={called ? "made" : "end"} taskId={task.id} contact={called} onDone={close} />
      </FormDialog>
    </div>
  );
}

/* Whom to call now; when everybody was tried, one begins again from the top. */
function Next({
  task,
  onCalled,
  onEnd,
}: {
  task: CallTask;
  onCalled: (contact: CallContact) => void;
  onEnd: () => void;
}) {
  const { t, value } = useText();
  const contacts = task.contacts ?? [];
  const next = contacts.find((one) => one.contact_id === task.next_contact_id) ?? contacts[0];
  return (
    <div className={classes.next}>
      {next ? (
        <>
          <div className={classes.quiet}>{t(task.next_contact_id ? "call.next" : "call.again")}</div>
          <b>{next.name}</b>
          {[next.phone, next.phone_second].filter(Boolean).map((phone) => (
            <a key={phone} className={classes.phone} href={`tel:${phone?.replace(/[^\d+]/g, "")}`}>
              {phone}
            </a>
          ))}
          <div className={classes.quiet}>
            {[...(next.languages ?? []).map((one) => value("language", one)), next.hours, next.note]
              .filter(Boolean)
              .join(" · ")}
          </div>
        </>
      ) : (
        <Text size="sm">{t("call.no_contacts")}</Text>
      )}
      <Group gap="xs" mt="xs">
        {next && (
          <Button size="compact-sm" onClick={() => onCalled(next)}>
            {t("call.write_down")}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onEnd}>
          {t("call.end")}
        </Button>
      </Group>
    </div>
  );
}
