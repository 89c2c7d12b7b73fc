/* NoticePanel: what I was told, behind the bell. Opening one says that it was read. */
import { Button, Group, Stack, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call, type Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { useGo } from "@/ui/nav";
import { RelativeTime } from "@/ui/RelativeTime";
import { To } from "@/ui/To";
import classes from "./NoticePanel.module.css";

type Notice = Item<"GET /me/notices">;

const SHOWN = 20;

export default function NoticePanel({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const cache = useQueryClient();
  const list = useQuery({
    queryKey: ["notices", "latest"],
    queryFn: ({ signal }) => call("GET /me/notices", { query: { limit: SHOWN }, signal }),
  });
  const refresh = () => cache.invalidateQueries({ queryKey: ["notices"] });
  const readAll = async () => {
    await call("POST /me/notices/read");
    await refresh();
  };
  const rows = list.data?.items ?? [];
  return (
    <Stack gap={4} tabIndex={-1} data-autofocus>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{t("notice.title")}</Text>
        {rows.some((row) => !row.read_at) && (
          <Button size="compact-xs" variant="subtle" onClick={() => void readAll()}>
            {t("notice.read_all")}
          </Button>
        )}
      </Group>
      {list.isPending && <LoadingState rows={3} />}
      {list.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("notice.none")}
        </Text>
      )}
      {rows.map((row) => (
        <NoticeLine key={row.id} notice={row} onOpen={onClose} refresh={refresh} />
      ))}
      <Group justify="flex-end" mt={4}>
        <To to="/account/notices" size="xs" onClick={onClose}>
          {t("notice.all")}
        </To>
      </Group>
    </Stack>
  );
}

function NoticeLine({
  notice,
  onOpen,
  refresh,
}: {
  notice: Notice;
  onOpen: () => void;
  refresh: () => Promise<void>;
}) {
  const { t } = useText();
  const { isProvider } = useSession();
  const go = useGo();
  const open = async () => {
    onOpen();
    await go(notice.path.split("#")[0] ?? "/");
    if (!notice.read_at) await call("POST /me/notices/{id}/read", { path: { id: notice.id } });
    await refresh();
  };
  return (
    <UnstyledButton
      className={classes.line}
      data-urgent={notice.kind === "escalation" || undefined}
      data-unread={!notice.read_at || undefined}
      onClick={() => void open()}
    >
      <span className={classes.title}>{notice.title}</span>
      {!notice.read_at && <VisuallyHidden>{t("notice.unread")}</VisuallyHidden>}
      {notice.body && <span className={classes.body}>{notice.body}</span>}
      <span className={classes.when}>
        {isProvider && notice.about_tenant_name ? `${notice.about_tenant_name} · ` : ""}
        <RelativeTime at={notice.created_at} />
      </span>
    </UnstyledButton>
  );
}
