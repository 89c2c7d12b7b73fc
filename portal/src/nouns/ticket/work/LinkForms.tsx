import { Select, Text } from "@mantine/core";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { ReasonField } from "../ReasonField";
import type { Ticket } from "./TicketWork";

interface Props {
  ticket: Ticket;
  onClose: () => void;
}

const RELATIONS = ["related", "duplicate_of", "duplicated_by", "child_of", "parent_of"];

export function LinkForm({ ticket, onClose }: Props) {
  const { t } = useText();
  return (
    <Form
      route="POST /tickets/{id}/links"
      noun="ticket_link_add"
      path={{ id: ticket.id }}
      layout={["relation", "reference"]}
      initial={{ relation: "related" }}
      controls={{ relation: (control) => <RelationChoice control={control} /> }}
      alsoChanges={["audit"]}
      submit={t("work.verb.link")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.done"));
        onClose();
      }}
    />
  );
}

export function MergeForm({ ticket, onClose }: Props) {
  const { t } = useText();
  const go = useGo();
  return (
    <>
      <Text mb="md">{t("work.merge_text", { reference: ticket.reference })}</Text>
      <Form
        route="POST /tickets/{id}/merge"
        noun="ticket_merge"
        path={{ id: ticket.id }}
        layout={["into", "reason"]}
        controls={{ reason: (control) => <ReasonField control={control} /> }}
        alsoChanges={["audit"]}
        submit={t("work.verb.merge")}
        onCancel={onClose}
        onDone={(survivor) => {
          notifyDone(t("work.merged_done", { from: ticket.reference, into: survivor.reference }));
          onClose();
          void go(`/tickets/${survivor.id}`);
        }}
      />
    </>
  );
}

export function SeparateForm({
  merged,
  onClose,
}: {
  merged: { id: string; reference: string };
  onClose: () => void;
}) {
  const { t } = useText();
  const go = useGo();
  return (
    <>
      <Text mb="md">{t("work.separate_text", { reference: merged.reference })}</Text>
      <Form
        route="POST /tickets/{id}/separate"
        noun="ticket_separate"
        path={{ id: merged.id }}
        layout={["reason"]}
        controls={{ reason: (control) => <ReasonField control={control} /> }}
        alsoChanges={["audit"]}
        submit={t("work.verb.separate")}
        onCancel={onClose}
        onDone={() => {
          notifyDone(t("state.done"));
          onClose();
          void go(`/tickets/${merged.id}`, { alone: "yes" });
        }}
      />
    </>
  );
}

function RelationChoice({ control }: { control: Control }) {
  const { field, value } = useText();
  return (
    <Select
      label={field(control.name, control.noun)}
      name={control.name}
      data={RELATIONS.map((word) => ({ value: word, label: value("relation_of", word) }))}
      value={control.value as string}
      allowDeselect={false}
      error={control.error}
      onChange={control.onChange}
    />
  );
}
