/* SnoozeForm: puts a case aside until a time, or until something happens in it; or takes it back. */
import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";

type Ticket = Item<"GET /tickets">;

const CHOICES = ["hour", "hours", "morning", "monday", "open", "own"] as const;
type Choice = (typeof CHOICES)[number];

/* On the reader's own wall: tomorrow and Monday begin at nine. */
function momentOf(choice: Choice, own: string): Date | null {
  const at = new Date();
  if (choice === "open") return null;
  if (choice === "own") return own ? new Date(own) : null;
  if (choice === "hour" || choice === "hours") return new Date(at.getTime() + (choice === "hour" ? 1 : 3) * 3_600_000);
  at.setDate(at.getDate() + (choice === "morning" ? 1 : (8 - at.getDay()) % 7 || 7));
  at.setHours(9, 0, 0, 0);
  return at;
}

export default function SnoozeForm({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useText();
  const [choice, choose] = useState<Choice>("morning");
  const [own, setOwn] = useState("");
  const [wakes, setWakes] = useState(true);
  const snooze = useVerb("POST /tickets/{id}/snooze");
  const path = { id: ticket.id };
  const isOpen = choice === "open";
  const done = (text: string) => {
    notifyDone(t(text, { reference: ticket.reference }));
    onClose();
  };
  const send = () =>
    snooze.mutate(
      {
        path,
        body: {
          until_at: momentOf(choice, own)?.toISOString() ?? null,
          until_news: isOpen || wakes,
        },
      },
      { onSuccess: () => done("ticket.snooze.done") },
    );
  return (
    <Stack gap="md">
      <Text size="sm">{t("ticket.snooze.lead")}</Text>
      {ticket.snoozed_until && <TakeBack ticket={ticket} onDone={() => done("ticket.snooze.back")} />}
      {snooze.error && <Note tone="bad">{snooze.error.fields[0]?.message ?? snooze.error.title}</Note>}
      <Select
        label={t("ticket.snooze.until")}
        data={CHOICES.map((one) => ({ value: one, label: t(`ticket.snooze.choice.${one}`) }))}
        value={choice}
        allowDeselect={false}
        onChange={(value) => choose(value as Choice)}
      />
      {choice === "own" && (
        <TextInput
          type="datetime-local"
          label={t("ticket.snooze.own")}
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
      )}
      {!isOpen && (
        <Checkbox
          label={t("ticket.snooze.wakes")}
          checked={wakes}
          onChange={(event) => setWakes(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button loading={snooze.isPending} disabled={choice === "own" && !own} onClick={send}>
          {t("ticket.snooze.title")}
        </Button>
      </Group>
    </Stack>
  );
}

function TakeBack({ ticket, onDone }: { ticket: Ticket; onDone: () => void }) {
  const { t } = useText();
  const back = useVerb("POST /tickets/{id}/unsnooze");
  return (
    <Note tone="mute" title={t("ticket.snooze.now")}>
      <Group gap="sm">
        <RelativeTime at={ticket.snoozed_until} />
        <Button
          size="compact-sm"
          variant="default"
          loading={back.isPending}
          onClick={() => back.mutate({ path: { id: ticket.id } }, { onSuccess: onDone })}
        >
          {t("ticket.snooze.take_back")}
        </Button>
      </Group>
    </Note>
  );
}
