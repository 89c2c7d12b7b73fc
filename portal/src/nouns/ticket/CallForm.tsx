import { useText } from "@/text";
import { Form } from "@/ui/Form";
import type { CallContact } from "./TicketCalls";

/* Asking for a call, writing one down, or saying that none is needed any more. */
export default function CallForm({
  kind,
  ticketId = "",
  taskId = "",
  contact,
  onDone,
}: {
  kind: "ask" | "made" | "end";
  ticketId?: string;
  taskId?: string;
  contact?: CallContact | null;
  onDone: () => void;
}) {
  const { t } = useText();
  const common = { noun: "call", onCancel: onDone, onDone, alsoChanges: ["call-tasks"] };
  if (kind === "ask")
    return (
      <Form
        {...common}
        route="POST /tickets/{id}/calls"
        path={{ id: ticketId }}
        layout={["reason"]}
        submit={t("call.ask")}
      />
    );
  if (kind === "end")
    return (
      <Form
        {...common}
        route="POST /call-tasks/{id}/end"
        path={{ id: taskId }}
        layout={["note"]}
        submit={t("call.end")}
      />
    );
  return (
    <Form
      {...common}
      route="POST /call-tasks/{id}/attempts"
      path={{ id: taskId }}
      layout={["outcome", "note"]}
      initial={{ outcome: "reached" } as never}
      prepare={(body) => ({ ...body, contact_id: contact?.contact_id })}
      submit={t("action.save")}
    />
  );
}
