import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { LAYOUT } from "./layout";

export default function TenantEdit({
  tenant,
  onClose,
}: {
  tenant: Item<"GET /tenants">;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <Form
      route="PUT /tenants/{id}"
      noun="tenant"
      path={{ id: tenant.id }}
      version={tenant.version ?? undefined}
      initial={tenant as never}
      layout={LAYOUT}
      submit={t("action.save")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.saved"));
        onClose();
      }}
    />
  );
}
