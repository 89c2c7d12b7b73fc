/* Disputes: a pause that the customer does not accept, and what the provider says to it. */
import { Button, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import type { PromiseLine, PromiseView } from "@/ui/clock-times";
import { ReasonField } from "./ReasonField";
import { useMayWrite } from "./rights";

type Dispute = Item<"GET /tickets/{id}/disputes">;

const useDisputes = (ticketId: string) =>
  useRead("GET /tickets/{id}/disputes", { path: { id: ticketId }, query: { limit: 100 } }).data?.items ?? [];

/* Under the line of a pause: the way to dispute it, while nobody has. */
export function DisputeButton({ ticketId, view, line }: { ticketId: string; view: PromiseView; line: PromiseLine }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const mayWrite = useMayWrite();
  const [isOpen, setOpen] = useState(false);
  const isDisputed = useDisputes(ticketId).some((one) => one.promise_id === view.id && one.seq === line.seq);
  const close = () => setOpen(false);
  if (isProvider || !mayWrite || isDisputed) return null;
  return (
    <>
      <UnstyledButton fz="xs" c="var(--y-accent)" td="underline" onClick={() => setOpen(true)}>
        {t("dispute.open")}
      </UnstyledButton>
      <FormDialog title={t("dispute.open")} isOpen={isOpen} onClose={close}>
        <Text mb="md">{t("dispute.open_text")}</Text>
        <Form
          route="POST /tickets/{id}/disputes"
          noun="dispute"
          path={{ id: ticketId }}
          layout={["reason"]}
          controls={{ reason: (control) => <ReasonField control={control} /> }}
          prepare={(body) => ({ ...body, promise_id: view.id, seq: line.seq })}
          alsoChanges={["audit"]}
          submit={t("dispute.send")}
          onCancel={close}
          onDone={() => {
            notifyDone(t("dispute.sent"));
            close();
          }}
        />
      </FormDialog>
    </>
  );
}

/* Above the ledger: what is not decided yet, for both sides; whoever may decide does so here. */
export function OpenDisputes({ ticketId, view }: { ticketId: string; view: PromiseView }) {
  const open = useDisputes(ticketId).filter((one) => one.promise_id === view.id && one.state === "open");
  if (open.length === 0) return null;
  return (
    <Stack gap="xs" mt="xs">
      {open.map((one) => (
        <OpenDispute key={one.id} dispute={one} />
      ))}
    </Stack>
  );
}

function OpenDispute({ dispute }: { dispute: Dispute }) {
  const { t } = useText();
  const mayWrite = useMayWrite();
  const [asked, ask] = useState<"accept" | "decline" | null>(null);
  const close = () => ask(null);
  return (
    <Note tone="warn" title={t("dispute.is_open", { name: dispute.opened_by_name })}>
      {dispute.reason}
      {mayWrite && (dispute.can ?? []).includes("decide") && (
        <Group gap="xs" mt="xs">
          <Button size="compact-xs" variant="default" onClick={() => ask("accept")}>
            {t("dispute.accept")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => ask("decline")}>
            {t("dispute.decline")}
          </Button>
        </Group>
      )}
      <FormDialog title={asked ? t(`dispute.${asked}`) : ""} isOpen={asked !== null} onClose={close}>
        {asked && (
          <>
            <Text mb="md">{t(`dispute.${asked}_text`)}</Text>
            <Form
              route="POST /promise-disputes/{id}/decide"
              noun="dispute"
              path={{ id: dispute.id }}
              layout={["reason"]}
              controls={{ reason: (control) => <ReasonField control={control} /> }}
              prepare={(body) => ({ ...body, accept: asked === "accept" })}
              alsoChanges={["tickets", "audit"]}
              submit={t(`dispute.${asked}`)}
              onCancel={close}
              onDone={() => {
                notifyDone(t("state.done"));
                close();
              }}
            />
          </>
        )}
      </FormDialog>
    </Note>
  );
}
