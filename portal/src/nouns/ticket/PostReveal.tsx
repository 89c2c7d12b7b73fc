/* PostReveal: an internal note is never turned into a message. Its words, or better ones, are said to the customer
 * anew, by somebody who has looked at them and said so. */
import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { IconSend } from "@/ui/icons";
import { MarkdownField } from "@/ui/MarkdownField";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import type { TicketPost } from "./Conversation";

export default function PostReveal({ post, onClose }: { post: TicketPost; onClose: () => void }) {
  const { t } = useText();
  const [body, setBody] = useState(post.body);
  const [isSure, setSure] = useState(false);
  const ticket = useRead("GET /tickets/{id}", { path: { id: post.ticket_id! } });
  const reveal = useVerb("POST /ticket-posts/{id}/reveal", ["tickets", "audit"]);
  const tenant = ticket.data?.tenant_name ?? "…";
  const send = () =>
    reveal.mutate(
      { path: { id: post.id }, body: { body: body.trim() } },
      {
        onSuccess: () => {
          notifyDone(t("ticket.sent"));
          onClose();
        },
      },
    );
  return (
    <Stack gap="md">
      <Note tone="warn" title={t("ticket.post.reveal_title", { tenant })}>
        {t("ticket.post.reveal_hint")}
      </Note>
      {reveal.error && (
        <Note tone="bad" role="alert" title={reveal.error.title}>
          {t("ticket.post.kept")}
        </Note>
      )}
      <MarkdownField
        label={t("ticket.compose.field")}
        value={body}
        onChange={setBody}
        maxLength={50_000}
        minRows={5}
        required
      />
      <Checkbox
        label={t("ticket.post.reveal_sure", { tenant })}
        checked={isSure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
      <Group gap="xs" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button
          leftSection={<IconSend size={15} aria-hidden />}
          loading={reveal.isPending}
          disabled={!isSure || !body.trim()}
          onClick={send}
        >
          {t("ticket.send")}
        </Button>
      </Group>
    </Stack>
  );
}
