import { Group } from "@mantine/core";
import { StatusBadge } from "@/ui/StatusBadge";

/* The state of an account, and beside it a lock that passes by itself. */
export function PersonStatus({ of }: { of: { status: string | null; locked_until?: string | null } }) {
  const isLocked = Boolean(of.locked_until) && new Date(of.locked_until!).getTime() > Date.now();
  return (
    <Group gap={6} wrap="nowrap">
      <StatusBadge field="status" word={of.status} />
      {isLocked && <StatusBadge field="status" word="locked" />}
    </Group>
  );
}
