/* DecideDialog: putting it to the customer, letting it hold, deciding against it, ending it. What would hide a true
 * positive asks why it may. */
import { Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import type { Exclusion, Verb } from "./ExclusionPage";

export default function DecideDialog({
  exclusion,
  verb,
  onClose,
}: {
  exclusion: Exclusion;
  verb: Verb;
  onClose: () => void;
}) {
  const { t } = useText();
  const [refused, setRefused] = useState("");
  return (
    <FormDialog title={t(`exclusion.verb.${verb}`)} isOpen onClose={onClose}>
      <Text mb="md">{t(`exclusion.verb_text.${verb}`)}</Text>
      {refused && (
        <Note tone="bad" role="alert" title={refused}>
          {t("exclusion.acknowledgement_hint")}
        </Note>
      )}
      <Form
        route={`POST /exclusions/{id}/${verb}` as "POST /exclusions/{id}/activate"}
        noun="exclusion"
        path={{ id: exclusion.id }}
        layout={refused ? ["reason", "acknowledgement"] : ["reason"]}
        alsoChanges={["audit"]}
        submit={t(`exclusion.verb.${verb}`)}
        onCancel={onClose}
        onRefused={(problem) => {
          if (problem.code !== "exclusion-hides-true") return false;
          setRefused(problem.title);
          return true;
        }}
        onDone={() => {
          notifyDone(t("state.done"));
          onClose();
        }}
      />
    </FormDialog>
  );
}
