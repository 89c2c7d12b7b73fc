import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { LanguagesField } from "./LanguagesField";

/* Registering a contact, or changing how one is reached. */
export default function ContactForm({
  contact,
  onDone,
}: {
  contact: Item<"GET /service-contacts"> | null;
  onDone: () => void;
}) {
  const { t } = useText();
  if (contact)
    return (
      <Form
        route="PUT /service-contacts/{id}"
        noun="contact"
        path={{ id: contact.id! }}
        version={contact.version}
        initial={contact as never}
        layout={[["phone", "phone_second"], "languages", "hours", "note"]}
        controls={{ languages: (control) => <LanguagesField control={control} /> }}
        submit={t("action.save")}
        onCancel={onDone}
        onDone={onDone}
      />
    );
  return (
    <Form
      route="POST /service-contacts"
      noun="contact"
      lookups={{ person_id: { side: "customer", status: "active" } }}
      layout={["person_id", ["phone", "phone_second"], "languages", "hours", "note"]}
      initial={{ languages: ["ja"] } as never}
      controls={{ languages: (control) => <LanguagesField control={control} /> }}
      submit={t("contact.make")}
      onCancel={onDone}
      onDone={onDone}
    />
  );
}
