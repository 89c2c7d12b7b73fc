/* PostHistory: what stood there before, the latest first; the words that stand there now come on top. */
import { Stack, Text } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Markdown } from "@/ui/Markdown";
import { Loaded } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import type { TicketPost } from "./Conversation";
import classes from "./Conversation.module.css";

export default function PostHistory({ post }: { post: TicketPost }) {
  const { t } = useText();
  const edits = useRead("GET /ticket-posts/{id}/edits", { path: { id: post.id }, query: { limit: 100 } });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("ticket.post.history_hint")}
      </Text>
      <Words title={t("ticket.post.now")} body={post.body} />
      <Loaded of={edits}>
        {(data) =>
          data.items.map((row) => (
            <Words
              key={row.at}
              title={t("ticket.post.until", { name: row.by_name })}
              at={row.at}
              body={row.body}
            />
          ))
        }
      </Loaded>
    </Stack>
  );
}

function Words({ title, at, body }: { title: string; at?: string | null; body: string }) {
  return (
    <article className={classes.version}>
      <Text size="xs" c="dimmed" mb={6}>
        {title} {at && <ExactTime at={at} />}
      </Text>
      <Markdown text={body} />
    </article>
  );
}
