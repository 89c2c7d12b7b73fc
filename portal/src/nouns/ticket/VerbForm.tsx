import { Text } from "@mantine/core";
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { ReasonField } from "./ReasonField";

export type Verb = "start" | "wait" | "resolve" | "close" | "decline" | "reopen";

export default function VerbForm({
  ticket,
  verb,
  onClose,
}: {
  ticket: Item<"GET /tickets">;
  verb: Verb;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <>
      <Text mb="md">{t(`ticket.verb_text.${verb}`)}</Text>
      <Form
        route={`POST /tickets/{id}/${verb}` as "POST /tickets/{id}/resolve"}
        noun="ticket_verb"
        path={{ id: ticket.id }}
        layout={["reason"]}
        controls={{ reason: (control) => <ReasonField control={control} /> }}
        alsoChanges={["audit"]}
        submit={t(`ticket.verb.${verb}`)}
        onCancel={onClose}
        onDone={() => {
          notifyDone(t("state.done"));
          onClose();
        }}
      />
    </>
  );
}
