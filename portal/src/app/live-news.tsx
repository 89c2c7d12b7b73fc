/* live-news: what changed while somebody looks on. Lists refresh by themselves; the bell keeps what happened. */
import { ActionIcon, Indicator, Stack, Text } from "@mantine/core";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { onChange, pathsOfNoun, type Change } from "@/api/live";
import { useText } from "@/text";
import { Flyout } from "@/ui/Flyout";
import { IconBell } from "@/ui/icons";
import { RelativeTime } from "@/ui/RelativeTime";
import { To } from "@/ui/To";

const KEPT = 50;
/* Nouns that have a page of their own per object. */
const OPENS: Record<string, string> = {
  person: "/people/",
  tenant: "/tenants/",
  mail: "/mails/",
  ticket: "/tickets/",
  ticket_note: "/tickets/",
};

export interface News {
  changes: Change[];
  unread: number;
  markRead: () => void;
}

export function useLiveNews(cache: QueryClient): News {
  const [changes, setChanges] = useState<Change[]>([]);
  const [unread, setUnread] = useState(0);
  const waiting = useRef(new Set<string>());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A burst of changes is one refresh per noun.
    const refresh = () => {
      timer = undefined;
      const nouns = [...waiting.current];
      waiting.current.clear();
      if (nouns.includes("*")) return void cache.invalidateQueries();
      new Set(nouns.flatMap(pathsOfNoun)).forEach(
        (path) => void cache.invalidateQueries({ queryKey: [path] }),
      );
    };
    const stop = onChange((change) => {
      if (change.verb === "writing") return; // passes by itself
      waiting.current.add(change.noun);
      timer ??= setTimeout(refresh, 400);
      if (change.noun === "*") return;
      setChanges((kept) => [change, ...kept].slice(0, KEPT));
      setUnread((count) => count + 1);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [cache]);
  return { changes, unread, markRead: () => setUnread(0) };
}

export function NewsBell({ news }: { news: News }) {
  const { t } = useText();
  const label = t("news.title");
  return (
    <Flyout
      position="bottom-end"
      width={320}
      onOpen={news.markRead}
      button={
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`${label} (${news.unread})`}
          data-hint={label}
        >
          <Indicator disabled={news.unread === 0} size={7} offset={2} color="indigo">
            <IconBell size={19} stroke={1.7} aria-hidden />
          </Indicator>
        </ActionIcon>
      }
    >
      {() => (
        <Stack gap="xs" tabIndex={-1} data-autofocus>
          <Text fw={600}>{label}</Text>
          {news.changes.length === 0 && (
            <Text size="sm" c="dimmed">
              {t("news.none")}
            </Text>
          )}
          {news.changes.map((change) => (
            <NewsLine key={`${change.at}${change.object_id}${change.verb}`} change={change} />
          ))}
        </Stack>
      )}
    </Flyout>
  );
}

function NewsLine({ change }: { change: Change }) {
  const { t, value } = useText();
  const text = t("news.line", {
    noun: value("object_type", change.noun),
    verb: value("change_verb", change.verb),
  });
  const opens = OPENS[change.noun];
  return (
    <Text size="sm" component="div" style={{ display: "flex", gap: 8, justifyContent: "space-between" }}>
      {opens ? (
        <To to={opens + change.object_id} size="sm">
          {text}
        </To>
      ) : (
        <span>{text}</span>
      )}
      <Text span size="xs" c="dimmed">
        <RelativeTime at={change.at} />
      </Text>
    </Text>
  );
}
