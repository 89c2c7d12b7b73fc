import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { LookupOne } from "@/ui/Lookup";
import { notifyDone } from "@/ui/notify";

export default function AssignForm({
  ticket,
  onClose,
}: {
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}) {
  const { t, field } = useText();
  const known = ticket.assignee_id ? [{ value: ticket.assignee_id, label: ticket.assignee_name ?? "" }] : [];
  return (
    <Form
      route="POST /tickets/{id}/assign"
      noun="ticket"
      path={{ id: ticket.id }}
      layout={["assignee_id"]}
      initial={{ assignee_id: ticket.assignee_id }}
      controls={{
        assignee_id: (control) => (
          <LookupOne
            name="assignee_id"
            label={field("assignee_id", "ticket")}
            description={t("ticket.assign_hint")}
            known={known}
            value={(control.value as string | null) || null}
            error={control.error}
            onChange={control.onChange}
          />
        ),
      }}
      alsoChanges={["audit"]}
      submit={t("ticket.verb.assign")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.done"));
        onClose();
      }}
    />
  );
}
