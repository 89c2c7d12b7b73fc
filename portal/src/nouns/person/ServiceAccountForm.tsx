import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";

export default function ServiceAccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  const go = useGo();
  return (
    <Form
      route="POST /service-accounts"
      noun="service_account"
      layout={["name", "tenant_id", "permission_set_ids"]}
      initial={{ tenant_id: tenant?.id ?? undefined }}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      prepare={(body) => ({ tenant_id: tenant?.id, ...body })}
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
