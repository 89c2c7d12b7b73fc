import { Text } from "@mantine/core";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { ReasonField } from "../ticket/ReasonField";
import type { Attachment } from "./AttachmentRow";

export default function ReasonForm({
  file,
  verb,
  onClose,
}: {
  file: Attachment;
  verb: "flag" | "unflag" | "remove";
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <>
      <Text mb="md">{t(`file.verb_text.${verb}`, { name: file.name })}</Text>
      <Form
        route={`POST /attachments/{id}/${verb}` as "POST /attachments/{id}/flag"}
        noun="attachment_verb"
        path={{ id: file.id! }}
        layout={["reason"]}
        controls={{ reason: (control) => <ReasonField control={control} /> }}
        alsoChanges={["tickets", "audit"]}
        submit={t(`file.verb.${verb}`)}
        onCancel={onClose}
        onDone={() => {
          notifyDone(t("state.done"));
          onClose();
        }}
      />
    </>
  );
}
