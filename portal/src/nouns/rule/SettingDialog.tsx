import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import type { Rule } from "./RulePage";

export default function SettingDialog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { t } = useText();
  return (
    <FormDialog title={t("rule.set")} isOpen onClose={onClose}>
      <Form
        route="POST /rules/{rule_id}/set"
        noun="rule"
        path={{ rule_id: rule.id }}
        initial={{ enabled: false }}
        layout={["tenant_id", "enabled", "score", "reason"]}
        isHidden={(name, values) => name === "score" && !values.enabled}
        lookups={{ tenant_id: { kind: "customer" } }}
        submit={t("action.save")}
        alsoChanges={["rule-settings", "audit"]}
        onCancel={onClose}
        onDone={onClose}
      />
    </FormDialog>
  );
}
