/* TicketEdit: what a case says. When somebody was faster, both sets of words are laid side by side. */
import { lazy, Suspense, useState } from "react";
import type { Body, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { MarkdownField } from "@/ui/MarkdownField";
import { notifyDone } from "@/ui/notify";

const MergeView = lazy(() => import("./MergeView"));
const TagsField = lazy(() => import("./work/TagsField"));

type Words = Body<"PUT /tickets/{id}">;

export default function TicketEdit({ ticket, onClose }: { ticket: Item<"GET /tickets">; onClose: () => void }) {
  const { t, field } = useText();
  const { isProvider } = useSession();
  // The case as it was when editing began: live updates must not move the ground under what is typed.
  const [base] = useState(ticket);
  const [mine, setMine] = useState<Words | null>(null);
  const done = () => {
    notifyDone(t("state.saved"));
    onClose();
  };
  if (mine) return <MergeView base={base} mine={mine} onDone={done} onCancel={onClose} />;
  return (
    <Form
      route="PUT /tickets/{id}"
      noun="ticket"
      path={{ id: base.id }}
      version={base.version}
      initial={base as never}
      layout={["subject", "description", "tags", "team"]}
      isHidden={(name) => name === "team" && !isProvider}
      controls={{
        tags: (control) => (
          <Suspense>
            <TagsField
              tenant={ticket.tenant_id ?? undefined}
              value={(control.value as string[]) ?? []}
              onChange={control.onChange}
            />
          </Suspense>
        ),
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
      onStale={setMine}
      onCancel={onClose}
      onDone={done}
    />
  );
}
