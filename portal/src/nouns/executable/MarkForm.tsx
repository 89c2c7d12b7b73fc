/* MarkForm: markers on a file, put on and taken off. */
import { useText } from "@/text";
import { Form } from "@/ui/Form";

export default function MarkForm({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useText();
  return (
    <Form
      route="POST /executables/{id}/markers"
      noun="executable"
      path={{ id }}
      layout={["add", "remove"]}
      alsoChanges={["audit"]}
      submit={t("action.save")}
      onCancel={onClose}
      onDone={onClose}
    />
  );
}
