/* RecoveryCodes: shown once: to be copied, printed or saved. */
import { Button, Group, Stack } from "@mantine/core";
import { useText } from "@/text";
import { saveText } from "./files";
import { IconDownload } from "./icons";
import classes from "./RecoveryCodes.module.css";
import { CopyText } from "./Secret";

export function RecoveryCodes({ codes }: { codes: string[] }) {
  const { t } = useText();
  return (
    <Stack gap="sm">
      <ul className={classes.codes} aria-label={t("recovery.title")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyText text={codes.join("\n")} label={t("recovery.copy")} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveText(`${codes.join("\n")}\n`, "yagura-recovery-codes.txt")}
        >
          {t("recovery.save")}
        </Button>
      </Group>
    </Stack>
  );
}
