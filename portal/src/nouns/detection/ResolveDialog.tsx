/* ResolveDialog: what a detection turned out to be, and why; or why it is open again. */
import { Text } from "@mantine/core";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { notifyDone } from "@/ui/notify";
import { titleOf } from "./rights";

interface ResolveProps {
  detection: { id: string; title: string; title_ja?: string | null };
  isReopening?: boolean;
  onClose: () => void;
}

export default function ResolveDialog({ detection, isReopening, onClose }: ResolveProps) {
  const { t, language } = useText();
  const done = () => {
    notifyDone(t("state.done"));
    onClose();
  };
  const common = {
    noun: "detection",
    path: { id: detection.id },
    alsoChanges: ["audit"],
    onCancel: onClose,
    onDone: done,
  };
  return (
    <FormDialog title={t(isReopening ? "detection.verb.reopen" : "detection.verb.resolve")} isOpen onClose={onClose}>
      <Text mb="md">{titleOf(detection, language)}</Text>
      {isReopening ? (
        <Form
          {...common}
          route="POST /detections/{id}/reopen"
          layout={["reason"]}
          submit={t("detection.verb.reopen")}
        />
      ) : (
        <Form
          {...common}
          route="POST /detections/{id}/resolve"
          layout={["verdict", "reason"]}
          submit={t("detection.verb.resolve")}
        />
      )}
    </FormDialog>
  );
}
