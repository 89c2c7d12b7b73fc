import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Body, Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { ReasonField } from "./ReasonField";
import { SeverityChoice } from "./SeverityChoice";

type Decision = Body<"POST /tickets/{id}/severity">;

interface Props {
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}

export default function SeverityForm({ ticket, onClose }: Props) {
  const { t, field } = useText();
  const [wished, wish] = useState<Decision | null>(null);
  if (wished) return <SecondPerson ticket={ticket} wished={wished} onClose={onClose} />;
  return (
    <Form
      route="POST /tickets/{id}/severity"
      noun="ticket_severity"
      path={{ id: ticket.id }}
      layout={["severity", "reason"]}
      initial={{ severity: ticket.severity ?? "c" }}
      controls={{
        severity: (control) => <SeverityChoice control={control} label={field("severity", "ticket")} />,
        reason: (control) => <ReasonField control={control} />,
      }}
      alsoChanges={["audit"]}
      submit={t("ticket.decide")}
      onCancel={onClose}
      onRefused={(problem, sent) => {
        const needsSecond = problem.code === "severity-needs-second";
        if (needsSecond) wish(sent);
        return needsSecond;
      }}
      onDone={() => {
        notifyDone(t("state.done"));
        onClose();
      }}
    />
  );
}

/* Three quarters of a promise are used: the wish goes to the colleagues. */
function SecondPerson({ ticket, wished, onClose }: Props & { wished: Decision }) {
  const { t } = useText();
  const ask = useVerb("POST /tickets/{id}/severity-wishes", ["tickets"]);
  const send = () =>
    ask.mutate(
      { path: { id: ticket.id }, body: wished },
      {
        onSuccess: () => {
          notifyDone(t("wish.asked"));
          onClose();
        },
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Stack gap="md">
      <Note tone="warn" role="alert" title={t("wish.needed")}>
        {t("wish.needed_why")}
      </Note>
      <Text size="sm" style={{ whiteSpace: "pre-line" }}>
        {wished.reason}
      </Text>
      <Group gap="xs" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button loading={ask.isPending} onClick={send}>
          {t("wish.ask")}
        </Button>
      </Group>
    </Stack>
  );
}
