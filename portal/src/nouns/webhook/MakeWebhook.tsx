/* MakeWebhook: a new endpoint, then its secret, once. */
import { Modal } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import { useGo } from "@/ui/nav";
import { SecretOnce } from "./SecretOnce";
import { NewWebhook } from "./WebhookFields";

export default function MakeWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const go = useGo();
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t(made ? "webhook.made" : "webhook.make")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {made ? (
        <SecretOnce secret={made.secret} onKept={() => void go(`/webhooks/${made.id}`)} />
      ) : (
        <NewWebhook onClose={onClose} onDone={(row) => setMade({ id: row.id, secret: row.secret ?? "" })} />
      )}
    </Modal>
  );
}
