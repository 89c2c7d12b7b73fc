/* Secret: something shown once: readable, copied with one click. */
import { Button, CopyButton, Group } from "@mantine/core";
import { useText } from "@/text";
import { IconCheck, IconCopy } from "./icons";
import classes from "./Secret.module.css";

export function CopyText({ text, label }: { text: string; label?: string }) {
  const { t } = useText();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        >
          {copied ? t("state.copied") : (label ?? t("action.copy"))}
        </Button>
      )}
    </CopyButton>
  );
}

export function Secret({ text }: { text: string }) {
  return (
    <Group className={classes.secret} justify="space-between" wrap="nowrap">
      <code className={classes.text}>{text}</code>
      <CopyText text={text} />
    </Group>
  );
}
