import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "@/text";

export default function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {children}
    </Modal>
  );
}
