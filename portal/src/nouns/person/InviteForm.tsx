import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FieldControl } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";

/* Who is invited sees either one customer or, on the provider's side, the customers named here. */
export default function InviteForm({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const { t, language } = useText();
  const { isProvider, tenant } = useSession();
  const go = useGo();
  const [chosen, setChosen] = useState<string>(tenantId || (tenant?.id ?? ""));
  const isOfProvider = isProvider && chosen !== "" && chosen === tenant?.id;
  return (
    <Form
      route="POST /people/invite"
      noun="person"
      layout={["tenant_id", ["name", "email"], "language", "permission_set_ids", "all_tenants", "tenant_ids"]}
      initial={{ tenant_id: chosen, language }}
      lookups={{ permission_set_ids: { tenant_id: chosen } }}
      clears={{ tenant_id: ["permission_set_ids"] }}
      isHidden={(name, values) =>
        (name === "tenant_id" && !isProvider) ||
        (name === "all_tenants" && !isOfProvider) ||
        (name === "tenant_ids" && (!isOfProvider || values.all_tenants === true))
      }
      prepare={(body) => ({ ...body, tenant_id: chosen })}
      controls={{
        tenant_id: (control) => (
          <FieldControl
            {...control}
            onChange={(value) => (setChosen((value as string) ?? ""), control.onChange(value))}
          />
        ),
      }}
      submit={t("person.send_invitation")}
      onCancel={onClose}
      onDone={(person) => {
        notifyDone(t("person.invited", { email: person.email }));
        onClose();
        void go(`/people/${person.id}`);
      }}
    />
  );
}
