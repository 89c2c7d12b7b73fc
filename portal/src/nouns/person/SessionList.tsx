/* SessionList: where somebody is signed in, and the way to end it. */
import { Badge, Button, Group, Text } from "@mantine/core";
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { notifyDone } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";
import classes from "./SessionList.module.css";

type Session = Item<"GET /me/sessions">;

/* The browser and the system out of a user agent, as far as people know them by name. */
function deviceOf(agent: string | null): string {
  const text = agent ?? "";
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/(\d+)/.exec(text);
  const system = /(Windows|Macintosh|Android|iPhone|iPad|Linux|CrOS)/.exec(text);
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", Macintosh: "macOS", CrOS: "ChromeOS" };
  const name = (word: string | undefined) => (word ? (names[word] ?? word) : "");
  return [name(browser?.[1]), name(system?.[1])].filter(Boolean).join(" · ") || text.slice(0, 60);
}

export function SessionList({
  sessions,
  onRevoke,
}: {
  sessions: Session[];
  onRevoke: (id: string) => Promise<unknown>;
}) {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  if (sessions.length === 0)
    return (
      <Text p="lg" c="dimmed">
        {t("session.none")}
      </Text>
    );
  return (
    <>
      <ul className={classes.list}>
        {sessions.map((session) => (
          <li key={session.id}>
            <div className={classes.what}>
              <Group gap="xs">
                <Text fw={550}>{deviceOf(session.agent) || t("session.unknown")}</Text>
                {session.current && (
                  <Badge variant="light" tt="none">
                    {t("session.current")}
                  </Badge>
                )}
              </Group>
              <Text size="sm" c="dimmed">
                {t("session.from", { address: session.address })} · {t("session.seen")}{" "}
                <RelativeTime at={session.last_seen_at} />
              </Text>
            </div>
            {!session.current && (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  confirm({
                    title: t("session.revoke"),
                    text: t("session.revoke_text"),
                    action: t("session.revoke"),
                    isDangerous: true,
                    run: async () => {
                      await onRevoke(session.id);
                      notifyDone(t("session.revoked"));
                    },
                  })
                }
              >
                {t("session.revoke")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {dialog}
    </>
  );
}
