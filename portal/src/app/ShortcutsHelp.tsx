import { Kbd, Modal, Stack, Text } from "@mantine/core";
import { useText } from "@/text";
import classes from "./ShortcutsHelp.module.css";

const ROWS: Array<[keys: string[], text: string]> = [
  [["Ctrl", "K"], "shortcuts.palette"],
  [["/"], "shortcuts.search"],
  [["J"], "shortcuts.next"],
  [["K"], "shortcuts.previous"],
  [["Enter"], "shortcuts.open"],
  [["X"], "shortcuts.select"],
  [["M"], "shortcuts.take"],
  [["R"], "shortcuts.reply"],
  [["N"], "shortcuts.note"],
  [["S"], "shortcuts.severity"],
  [["Z"], "shortcuts.snooze"],
  [["E"], "shortcuts.resolve"],
  [["U"], "shortcuts.exclude"],
  [["["], "shortcuts.fold"],
  [["G", "H"], "page.home"],
  [["G", "T"], "page.tickets"],
  [["G", "D"], "page.detections"],
  [["G", "C"], "page.tenants"],
  [["G", "P"], "page.people"],
  [["G", "A"], "page.audit"],
  [["G", "M"], "page.mails"],
  [["G", "S"], "page.status"],
  [["?"], "shortcuts.title"],
];

export default function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shortcuts.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t("shortcuts.lead")}
        </Text>
        <dl className={classes.keys}>
          {ROWS.map(([keys, text]) => (
            <div key={keys.join()}>
              <dt>{t(text)}</dt>
              <dd>
                {keys.map((key) => (
                  <Kbd key={key} size="sm">
                    {key}
                  </Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Stack>
    </Modal>
  );
}
