/* PostEdit: a message in better words. When somebody was faster, or it is too late, nothing that was typed is lost. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Markdown } from "@/ui/Markdown";
import { MarkdownField } from "@/ui/MarkdownField";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import type { TicketPost } from "./Conversation";

export default function PostEdit({ post, onClose }: { post: TicketPost; onClose: () => void }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const [body, setBody] = useState(post.body);
  const [base, setBase] = useState(post);
  const edit = useVerb("PUT /ticket-posts/{id}", ["tickets", "audit"]);
  const isStale = edit.error?.status === 412 || (base.version !== post.version && !edit.isPending);
  const send = () =>
    edit.mutate(
      { path: { id: post.id }, version: base.version, body: { body: body.trim() } },
      {
        onSuccess: () => {
          notifyDone(t("state.saved"));
          onClose();
        },
      },
    );
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t(isProvider ? "ticket.post.edit_hint" : "ticket.post.edit_hint_own")}
      </Text>
      {edit.error && !isStale && (
        <Note tone="bad" role="alert" title={edit.error.title}>
          {t("ticket.post.kept")}
        </Note>
      )}
      {isStale && (
        <Note tone="warn" role="alert" title={t("merge.stale")}>
          <Markdown text={post.body} />
          <Button size="xs" variant="default" mt="xs" onClick={() => (setBase(post), edit.reset())}>
            {t("merge.mine_over_theirs")}
          </Button>
        </Note>
      )}
      <MarkdownField
        label={t("ticket.post.words")}
        value={body}
        onChange={setBody}
        onSubmit={send}
        maxLength={50_000}
        minRows={5}
        required
      />
      <Group gap="xs" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button loading={edit.isPending} disabled={!body.trim() || isStale} onClick={send}>
          {t("action.save")}
        </Button>
      </Group>
    </Stack>
  );
}
