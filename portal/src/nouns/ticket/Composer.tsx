import { Button, Group, UnstyledButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconEyeOff, IconHelp, IconSend, IconUsers, IconX } from "@/ui/icons";
import { MarkdownField } from "@/ui/MarkdownField";
import { notifyDone, notifyProblem } from "@/ui/notify";
import classes from "./Composer.module.css";
import type { TicketPost } from "./Conversation";
import { useDraft, type Visibility } from "./drafts";
import { Quoted } from "./Post";

interface ComposerProps {
  ticket: Item<"GET /tickets">;
  visibility: Visibility;
  quoted: TicketPost | null;
  posts: Map<string, TicketPost>;
  onQuoteTaken: () => void;
}

export function Composer({ ticket, visibility, quoted, posts, onQuoteTaken }: ComposerProps) {
  const { t } = useText();
  const { isProvider } = useSession();
  const { draft, change, clear } = useDraft(ticket.id, visibility);
  const box = useRef<HTMLTextAreaElement>(null);
  const say = useVerb("POST /tickets/{id}/posts", ["audit"]);
  const isNote = visibility === "internal";
  const body = draft.body.trim();
  const label = isNote ? "note_field" : isProvider ? "field" : "own_field";
  const mayAsk = isProvider && !isNote && (ticket.can ?? []).includes("ask");

  useEffect(() => {
    if (!quoted || (!isNote && quoted.visibility === "internal")) return;
    change({ quotesId: quoted.id });
    onQuoteTaken();
    box.current?.focus();
  }, [quoted]);

  // A refused or lost message keeps its draft: it is cleared only when the server has it.
  const send = (ask: boolean) => {
    if (!body || say.isPending) return;
    say.mutate(
      { path: { id: ticket.id }, body: { body, visibility, quotes_id: draft.quotesId ?? undefined, ask } },
      {
        onSuccess: () => {
          clear();
          notifyDone(t(isNote ? "ticket.noted" : ask ? "ticket.asked" : "ticket.sent"));
        },
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  };

  return (
    <div className={classes.composer} data-visibility={visibility}>
      {draft.quotesId && (
        <div className={classes.quoting}>
          <Quoted post={posts.get(draft.quotesId)} />
          <UnstyledButton aria-label={t("ticket.unquote")} onClick={() => change({ quotesId: null })}>
            <IconX size={15} aria-hidden />
          </UnstyledButton>
        </div>
      )}
      <MarkdownField
        box={box}
        label={t(`ticket.compose.${label}`)}
        value={draft.body}
        onChange={(text) => change({ body: text })}
        onSubmit={() => send(false)}
        placeholder={t(isNote ? "ticket.compose.note_hint" : "ticket.compose.hint")}
        maxLength={50_000}
        minRows={3}
      />
      <div className={classes.foot}>
        <p className={classes.audience}>
          {isNote ? <IconEyeOff size={15} aria-hidden /> : <IconUsers size={15} aria-hidden />}
          {t(
            isNote
              ? "ticket.audience.internal"
              : isProvider
                ? "ticket.audience.customer"
                : "ticket.audience.own",
            {
              tenant: ticket.tenant_name,
            },
          )}
        </p>
        <Group gap="xs">
          {mayAsk && (
            <Button
              variant="default"
              leftSection={<IconHelp size={15} aria-hidden />}
              disabled={!body}
              loading={say.isPending}
              title={t("ticket.ask_hint")}
              onClick={() => send(true)}
            >
              {t("ticket.ask")}
            </Button>
          )}
          <Button
            className={isNote ? classes.noteButton : undefined}
            leftSection={isNote ? <IconEyeOff size={15} aria-hidden /> : <IconSend size={15} aria-hidden />}
            disabled={!body}
            loading={say.isPending}
            onClick={() => send(false)}
          >
            {t(isNote ? "ticket.send_note" : isProvider ? "ticket.send" : "ticket.send_own")}
          </Button>
        </Group>
      </div>
    </div>
  );
}
