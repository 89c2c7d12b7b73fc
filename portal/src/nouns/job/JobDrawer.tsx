import { Code, Drawer, Stack, Text } from "@mantine/core";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import type { Job } from "./JobsPage";
import { Note } from "@/ui/Note";

export default function JobDrawer({ job, onClose }: { job: Job; onClose: () => void }) {
  const { t, field } = useText();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={job.kind}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        {job.last_error && (
          <Note tone="warn" title={t("job.last_error")}>
            {job.last_error}
          </Note>
        )}
        <Facts
          of={[
            [t("job.field.state"), <StatusBadge key="state" field="job_state" word={job.state} />],
            [field("attempts"), `${job.attempts} / ${job.max_attempts}`],
            [field("run_at"), <RelativeTime key="run" at={job.run_at} />],
            [field("created_at"), <RelativeTime key="made" at={job.created_at} />],
            [
              field("id"),
              <span key="id" className="y-mono">
                {job.id}
              </span>,
            ],
          ]}
        />
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {t("job.args")}
          </Text>
          <Code block>{JSON.stringify(job.args ?? {}, null, 2)}</Code>
        </Stack>
      </Stack>
    </Drawer>
  );
}
