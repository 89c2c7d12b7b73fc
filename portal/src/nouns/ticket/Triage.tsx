/* Triage: what a key on a row of the queue does: take the case, decide how grave it is, or put it aside for a while. */
import { lazy, useEffect, useRef } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { notifyDone, notifyProblem } from "@/ui/notify";

const SnoozeForm = lazy(() => withText(["case"], import("./SnoozeForm")));
const SeverityForm = lazy(() => withText(["case"], import("./SeverityForm")));

interface TriageProps {
  verb: "take" | "severity" | "snooze";
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}

export default function Triage({ verb, ticket, onClose }: TriageProps) {
  const { t } = useText();
  if (verb === "take") return <Take key={ticket.id} ticket={ticket} onClose={onClose} />;
  const Ask = verb === "snooze" ? SnoozeForm : SeverityForm;
  const words = t(verb === "snooze" ? "ticket.snooze.title" : "ticket.decide_severity");
  return (
    <FormDialog title={`${ticket.reference} ${words}`} isOpen onClose={onClose}>
      <Ask ticket={ticket} onClose={onClose} />
    </FormDialog>
  );
}

function Take({ ticket, onClose }: Omit<TriageProps, "verb">) {
  const { t } = useText();
  const { person } = useSession();
  const assign = useVerb("POST /tickets/{id}/assign", ["audit"]);
  const isTold = useRef(false);
  useEffect(() => {
    if (isTold.current) return;
    isTold.current = true;
    assign.mutate(
      { path: { id: ticket.id }, body: { assignee_id: person?.id } },
      {
        onSuccess: () => notifyDone(t("ticket.taken_of", { reference: ticket.reference })),
        onError: (error) => notifyProblem(error, t("state.failed")),
        onSettled: onClose,
      },
    );
  }, []);
  return null;
}
