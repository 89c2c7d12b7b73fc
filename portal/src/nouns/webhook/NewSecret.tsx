/* NewSecret: what a rotation made. */
import { Modal } from "@mantine/core";
import { useText } from "@/text";
import { SecretOnce } from "./SecretOnce";

export default function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("webhook.rotated")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <SecretOnce secret={secret} onKept={onClose} />
    </Modal>
  );
}
