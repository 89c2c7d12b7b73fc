/* EmptyState: nothing here, why that is, and what to do about it. */
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { IconCircleDashed, type Icon } from "./icons";

interface EmptyStateProps {
  title: string;
  hint?: string;
  icon?: Icon;
  action?: ReactNode;
}

export function EmptyState({ title, hint, icon: Picture = IconCircleDashed, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="lg">
      <Picture size={28} stroke={1.5} color="var(--y-text-3)" aria-hidden />
      <Title order={2} ta="center" fz="md">
        {title}
      </Title>
      {hint && (
        <Text c="dimmed" ta="center" maw={460}>
          {hint}
        </Text>
      )}
      {action}
    </Stack>
  );
}
