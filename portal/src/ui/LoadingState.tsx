import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useText } from "@/text";

export function LoadingState({ rows = 6 }: { rows?: number }) {
  const { t } = useText();
  return (
    <Stack gap="sm" p="lg" role="status" aria-busy="true">
      <VisuallyHidden>{t("state.loading")}</VisuallyHidden>
      <Skeleton height={22} width="32%" />
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={14} width={`${92 - ((row * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}
