import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { ReasonField } from "./ReasonField";
import { SeverityChoice } from "./SeverityChoice";

export default function SeverityForm({
  ticket,
  onClose,
}: {
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}) {
  const { t, field } = useText();
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
      onDone={() => {
        notifyDone(t("state.done"));
        onClose();
      }}
    />
  );
}
