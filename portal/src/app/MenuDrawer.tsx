/* MenuDrawer: the menu on a narrow screen. */
import { Drawer } from "@mantine/core";
import { useText } from "@/text";
import { Navigation } from "./Navigation";

export default function MenuDrawer({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useText();
  return (
    <Drawer.Root opened onClose={onClose} size={270}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={t("shell.menu")} bg="var(--y-canvas)">
        <Navigation onHelp={onHelp} />
      </Drawer.Content>
    </Drawer.Root>
  );
}
