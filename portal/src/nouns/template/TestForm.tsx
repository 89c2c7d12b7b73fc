import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";

export default function TestForm({ template, onClose }: { template: string; onClose: () => void }) {
  const { t, language } = useText();
  const { person } = useSession();
  return (
    <Form
      route="POST /mails/test"
      noun="template"
      layout={["to", "language"]}
      initial={{ template, language, to: person?.email } as never}
      prepare={(body) => ({ ...body, template })}
      submit={t("template.send")}
      onCancel={onClose}
      onDone={() => {
        onClose();
        notifyDone(t("template.sent"));
      }}
    />
  );
}
