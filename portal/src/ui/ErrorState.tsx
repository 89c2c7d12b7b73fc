/* ErrorState: what happened, what can be done, and the number to quote when asking for help. */
import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { asProblem } from "@/api/problem";
import { useText } from "@/text";
import { IconAlertTriangle } from "./icons";

interface ErrorStateProps {
  error?: unknown;
  notFound?: boolean;
  onRetry?: () => void;
}

export function ErrorState({ error, notFound, onRetry }: ErrorStateProps) {
  const { t } = useText();
  const problem = asProblem(error);
  const isMissing = notFound || problem.status === 404;
  const fallback = isMissing
    ? t("state.not_found")
    : problem.status === 0
      ? t("state.unreachable")
      : t("state.failed");
  const detail = isMissing ? t("state.not_found_hint") : problem.detail || t("state.failed_hint");
  return (
    <Stack align="center" gap="xs" py={56} px="lg" role="alert">
      <IconAlertTriangle size={30} stroke={1.5} color="var(--y-warn)" aria-hidden />
      <Title order={2} ta="center">
        {isMissing ? fallback : problem.title || fallback}
      </Title>
      <Text c="dimmed" ta="center" maw={520}>
        {detail}
      </Text>
      {problem.requestId && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {t("state.request_id")}
          </Text>
          <Code>{problem.requestId}</Code>
        </Group>
      )}
      {onRetry && !isMissing && (
        <Button variant="default" mt="xs" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </Stack>
  );
}
