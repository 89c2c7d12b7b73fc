import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import type { Attachment } from "./AttachmentRow";

export default function RenameForm({ file, onClose }: { file: Attachment; onClose: () => void }) {
  const { t } = useText();
  return (
    <Form
      route="POST /attachments/{id}/rename"
      noun="attachment_naming"
      path={{ id: file.id! }}
      layout={["name"]}
      initial={{ name: file.name }}
      alsoChanges={["tickets", "audit"]}
      submit={t("file.verb.rename")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.done"));
        onClose();
      }}
    />
  );
}
