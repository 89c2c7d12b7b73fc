import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { LAYOUT } from "./layout";

export default function TenantForm({ onClose }: { onClose: () => void }) {
  const { t, language } = useText();
  const go = useGo();
  return (
    <Form
      route="POST /tenants"
      noun="tenant"
      layout={LAYOUT}
      initial={{ plan: "ultimate", language, time_zone: "Asia/Tokyo", holiday_country: "JP" } as never}
      submit={t("action.create")}
      onCancel={onClose}
      onDone={(tenant) => {
        notifyDone(t("tenant.made", { name: tenant.name }));
        onClose();
        void go(`/tenants/${tenant.id}`);
      }}
    />
  );
}
