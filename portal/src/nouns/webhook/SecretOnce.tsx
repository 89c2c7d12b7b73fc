/* SecretOnce: the secret that signs, shown when it is made and never again. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { Secret } from "@/ui/Secret";

export function SecretOnce({ secret, onKept }: { secret: string; onKept: () => void }) {
  const { t } = useText();
  return (
    <Stack>
      <Note tone="warn">{t("webhook.once")}</Note>
      <Secret text={secret} />
      <Text size="sm" c="dimmed">
        {t("webhook.use")}
      </Text>
      <Group justify="flex-end">
        <Button onClick={onKept}>{t("webhook.kept")}</Button>
      </Group>
    </Stack>
  );
}
