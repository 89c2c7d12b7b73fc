import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import type { Rule } from "./RulePage";

export default function StateDialog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { t } = useText();
  return (
    <FormDialog title={t("rule.change_state")} isOpen onClose={onClose}>
      <Form
        route="POST /rules/{id}/state"
        noun="rule"
        path={{ id: rule.id }}
        initial={{ state: rule.state === "draft" ? "testing" : "active" }}
        layout={["state", "note"]}
        submit={t("action.save")}
        alsoChanges={["audit"]}
        onCancel={onClose}
        onDone={onClose}
      />
    </FormDialog>
  );
}
