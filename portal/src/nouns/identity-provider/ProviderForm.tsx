import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";

export default function ProviderForm({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { isProvider, tenant } = useSession();
  const go = useGo();
  return (
    <Form
      route="POST /identity-providers"
      noun="identity_provider"
      layout={[
        "tenant_id",
        "name",
        "issuer",
        ["client_id", "client_secret"],
        "email_domains",
        ["enabled", "trust_second_factor"],
      ]}
      initial={{ tenant_id: isProvider ? null : tenant?.id, enabled: true } as never}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      prepare={(body) => ({ tenant_id: tenant?.id, ...body })}
      autoComplete={{ client_secret: "new-password" }}
      submit={t("action.create")}
      onCancel={onClose}
      onDone={(provider) => {
        notifyDone(t("state.saved"));
        void go(`/identity-providers/${provider.id}`);
      }}
    />
  );
}
