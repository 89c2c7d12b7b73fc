import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";

export default function ProviderEdit({
  provider,
  onClose,
}: {
  provider: Item<"GET /identity-providers">;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <Form
      route="PUT /identity-providers/{id}"
      noun="identity_provider"
      path={{ id: provider.id }}
      version={provider.version ?? undefined}
      initial={provider as never}
      layout={[
        "name",
        "issuer",
        ["client_id", "client_secret"],
        "email_domains",
        ["enabled", "trust_second_factor"],
      ]}
      autoComplete={{ client_secret: "new-password" }}
      submit={t("action.save")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.saved"));
        onClose();
      }}
    />
  );
}
