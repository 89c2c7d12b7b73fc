import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FieldControl } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";

export default function ServiceAccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  const go = useGo();
  const [chosen, setChosen] = useState(tenant?.id ?? "");
  return (
    <Form
      route="POST /service-accounts"
      noun="service_account"
      layout={["name", "tenant_id", "permission_set_ids"]}
      initial={{ tenant_id: chosen }}
      lookups={{ permission_set_ids: { tenant_id: chosen } }}
      clears={{ tenant_id: ["permission_set_ids"] }}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      prepare={(body) => ({ ...body, tenant_id: chosen })}
      controls={{
        tenant_id: (control) => (
          <FieldControl
            {...control}
            onChange={(value) => (setChosen((value as string) ?? ""), control.onChange(value))}
          />
        ),
      }}
      alsoChanges={["people"]}
      submit={t("action.create")}
      onCancel={onClose}
      onDone={(person) => {
        notifyDone(t("person.service_made"));
        onClose();
        void go(`/people/${person.id}`);
      }}
    />
  );
}
