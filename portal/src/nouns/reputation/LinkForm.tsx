import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";

export default function LinkForm({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  return (
    <Form
      route="POST /reputation-links"
      noun="reputation_link"
      layout={["tenant_id", "name", "kind", "url"]}
      initial={{ tenant_id: tenant?.id, kind: "hash" } as never}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      alsoChanges={["audit"]}
      submit={t("action.create")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.saved"));
        onClose();
      }}
    />
  );
}
