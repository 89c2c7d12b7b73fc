import { NativeSelect } from "@mantine/core";
import type { Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { LookupMany } from "@/ui/Lookup";
import { MarkdownField } from "@/ui/MarkdownField";
import { notifyDone } from "@/ui/notify";

export default function DocumentForm({
  ticket,
  onClose,
}: {
  ticket: Item<"GET /tickets">;
  onClose: () => void;
}) {
  const { t, field } = useText();
  return (
    <Form
      route="POST /tickets/{id}/documents"
      noun="document"
      path={{ id: ticket.id }}
      layout={["kind", "title", "attachment_id", "body", ["wants", "asks"], "person_ids", "note"]}
      initial={{ kind: "proposal", wants: "approve", asks: "administrators" }}
      isHidden={(name, values) =>
        (name === "person_ids" && values.asks !== "people") || (name === "body" && Boolean(values.attachment_id))
      }
      controls={{
        kind: (control) => <Words control={control} domain="document_kind" />,
        wants: (control) => <Words control={control} domain="document_wants" />,
        asks: (control) => <Words control={control} domain="document_asks" />,
        attachment_id: (control) => <FileChoice control={control} ticketId={ticket.id} />,
        person_ids: (control) => (
          <LookupMany
            name="person_id"
            label={field("person_ids", "document")}
            error={control.error}
            query={{ tenant_id: ticket.tenant_id }}
            value={(control.value as string[]) ?? []}
            onChange={control.onChange}
          />
        ),
        body: (control) => (
          <MarkdownField
            label={field("body", "document")}
            name="body"
            value={(control.value as string) ?? ""}
            onChange={control.onChange}
            error={control.error}
            maxLength={control.field.max}
            minRows={7}
          />
        ),
      }}
      alsoChanges={["ticket-documents", "audit"]}
      submit={t("document.put_submit")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("document.put_done"));
        onClose();
      }}
    />
  );
}

function Words({ control, domain }: { control: Control; domain: string }) {
  const { field, value } = useText();
  return (
    <NativeSelect
      label={field(control.name, control.noun)}
      name={control.name}
      error={control.error}
      data={(control.field.words ?? []).map((word) => ({ value: word, label: value(domain, word) }))}
      value={(control.value as string) ?? ""}
      onChange={(event) => control.onChange(event.currentTarget.value)}
    />
  );
}

/* A file of the case that the customer can see, or a text written here. */
function FileChoice({ control, ticketId }: { control: Control; ticketId: string }) {
  const { t, field } = useText();
  const files = useRead("GET /tickets/{id}/attachments", { path: { id: ticketId } });
  const offered = (files.data?.items ?? []).filter((one) => !one.internal && !one.malicious && !one.removed_at);
  if (offered.length === 0) return null;
  return (
    <NativeSelect
      label={field("attachment_id", "document")}
      name="attachment_id"
      error={control.error}
      data={[
        { value: "", label: t("document.no_file") },
        ...offered.map((one) => ({ value: one.id!, label: one.name ?? "" })),
      ]}
      value={(control.value as string) ?? ""}
      onChange={(event) => control.onChange(event.currentTarget.value || null)}
    />
  );
}
