/* NoticeBell: how many news I have not read, live; the panel behind it comes with the first wish. */
import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { call } from "@/api/client";
import { useText, withText } from "@/text";
import { Flyout } from "@/ui/Flyout";
import { IconBell } from "@/ui/icons";
import classes from "./NoticeBell.module.css";

const NoticePanel = lazy(() => withText(["notice"], import("./NoticePanel")));

/* The stream tells at once; this is for whoever has lost it. */
const EVERY_MS = 120_000;

export function NoticeBell() {
  const { t } = useText();
  const { data } = useQuery({
    queryKey: ["notices", "unread"],
    queryFn: ({ signal }) => call("GET /me/notices/unread", { signal }),
    refetchInterval: EVERY_MS,
  });
  const unread = data?.unread ?? 0;
  const label = t("shell.notices");
  return (
    <Flyout
      position="bottom-end"
      width={380}
      button={
        <ActionIcon
          className={classes.bell}
          data-count={unread === 0 ? undefined : unread > 99 ? "99+" : unread}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`${label} (${unread})`}
          data-hint={label}
        >
          <IconBell size={19} stroke={1.7} aria-hidden />
        </ActionIcon>
      }
    >
      {(close) => (
        <Suspense>
          <NoticePanel onClose={close} />
        </Suspense>
      )}
    </Flyout>
  );
}
