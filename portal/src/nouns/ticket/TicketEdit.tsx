import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { MarkdownField } from "@/ui/MarkdownField";
import { notifyDone } from "@/ui/notify";

export default function TicketEdit({
  ticket,
  onClose,
}: {
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}) {
  const { t, field } = useText();
  const { isProvider } = useSession();
  return (
    <Form
      route="PUT /tickets/{id}"
      noun="ticket"
      path={{ id: ticket.id }}
      version={ticket.version}
      initial={ticket as never}
      layout={["subject", "description", "tags", "team"]}
      isHidden={(name) => name === "team" && !isProvider}
      controls={{
        description: (control) => (
          <MarkdownField
            label={field("description", "ticket")}
            name="description"
            value={(control.value as string) ?? ""}
            onChange={control.onChange}
            error={control.error}
            maxLength={control.field.max}
            required
          />
        ),
      }}
      alsoChanges={["audit"]}
      submit={t("action.save")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.saved"));
        onClose();
      }}
    />
  );
}
