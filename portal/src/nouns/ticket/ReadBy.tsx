/* ReadBy: who has read the last message, beside its author and the reader of this page. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readOptions } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconEye } from "@/ui/icons";
import type { TicketPost } from "./Conversation";
import classes from "./Conversation.module.css";

const EVERY_MS = 20_000;

export function ReadBy({ ticketId, last }: { ticketId: string; last: TicketPost | undefined }) {
  const { t } = useText();
  const { person } = useSession();
  const readers = useQuery({
    ...readOptions("GET /tickets/{id}/readers", { path: { id: ticketId }, query: { limit: 50 } }),
    refetchInterval: EVERY_MS,
  });
  if (!last?.created_at) return null;
  const since = Date.parse(last.created_at);
  const names = (readers.data?.items ?? [])
    .filter((reader) => reader.person_id !== person?.id && reader.person_id !== last.author_id)
    .filter((reader) => Date.parse(reader.at ?? "") >= since)
    .map((reader) => reader.person_name);
  return (
    <Text className={classes.read} size="xs" c="dimmed" component="p">
      <IconEye size={14} aria-hidden />
      {names.length > 0
        ? t("ticket.read_by", { names: names.join(t("ticket.and")) })
        : t("ticket.read_by_none")}
    </Text>
  );
}
