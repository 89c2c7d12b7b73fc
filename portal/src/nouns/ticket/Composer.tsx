import { Button, Group, UnstyledButton } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { putWords } from "@/ui/caret";
import { Flyout } from "@/ui/Flyout";
import { IconEyeOff, IconHelp, IconPaperclip, IconSend, IconTemplate, IconUsers, IconX } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { MarkdownField } from "@/ui/MarkdownField";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import classes from "./Composer.module.css";
import type { TicketPost } from "./Conversation";
import { useDraft, type Visibility } from "./drafts";
import { mentionAt, putMention, stillNamed, type MentionControl, type Named } from "./mentions";
import { Quoted } from "./Post";
import { useTellWriting } from "./Writers";

const ComposerFiles = lazy(() => withText(["file"], import("@/nouns/attachment/ComposerFiles")));
const CannedList = lazy(() => import("./CannedList"));
const MentionList = lazy(() => import("./MentionList"));

interface Files {
  ids: string[];
  isBusy: boolean;
}

interface ComposerProps {
  ticket: Item<"GET /tickets">;
  visibility: Visibility;
  quoted: TicketPost | null;
  posts: Map<string, TicketPost>;
  onQuoteTaken: () => void;
  isWanted?: boolean;
}

export function Composer({ ticket, visibility, quoted, posts, onQuoteTaken, isWanted }: ComposerProps) {
  const { t } = useText();
  const { isProvider } = useSession();
  const { draft, change, clear } = useDraft(ticket.id, visibility);
  const box = useRef<HTMLTextAreaElement>(null);
  const people = useRef<MentionControl>(null);
  const [caret, setCaret] = useState(0);
  const [isNaming, setNaming] = useState(true);
  const [files, setFiles] = useState<Files | null>(null);
  const tellWriting = useTellWriting(ticket.id, visibility);
  const say = useVerb("POST /tickets/{id}/posts", ["audit"]);
  const isNote = visibility === "internal";
  const body = draft.body.trim();
  const label = isNote ? "note_field" : isProvider ? "field" : "own_field";
  const typed = isNaming ? mentionAt(draft.body, caret) : null;

  useEffect(() => {
    if (!quoted || (!isNote && quoted.visibility === "internal")) return;
    change({ quotesId: quoted.id });
    onQuoteTaken();
    box.current?.focus();
  }, [quoted]);
  useEffect(() => {
    if (isWanted) box.current?.focus();
  }, [isWanted]);

  // A refused or lost message keeps its draft: it is cleared only when the server has it.
  const send = (ask: boolean) => {
    if (!body || say.isPending || files?.isBusy) return;
    const mentions = stillNamed(body, draft.named);
    say.mutate(
      {
        path: { id: ticket.id },
        body: {
          body,
          visibility,
          quotes_id: draft.quotesId ?? undefined,
          ask,
          mentions,
          attachment_ids: files?.ids,
        },
      },
      {
        onSuccess: () => {
          clear();
          setFiles(null);
          notifyDone(t(isNote ? "ticket.noted" : ask ? "ticket.asked" : "ticket.sent"));
        },
      },
    );
  };
  const write = (text: string) => {
    change({ body: text });
    setNaming(true);
    tellWriting(text);
  };
  const putAt = (text: string, at: number, named?: Named) => {
    const put = () => {
      change({ body: text, ...(named && { named: [...draft.named, named] }) });
      setCaret(at);
    };
    putWords(box, put, at);
  };
  const name = (person: Named) => {
    const put = putMention(draft.body, caret, typed ?? "", person);
    putAt(put.text, put.caret, person);
  };
  const insert = (text: string) => {
    const before = draft.body.slice(0, caret);
    putAt(before + text + draft.body.slice(caret), before.length + text.length);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (typed === null || !people.current) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      people.current.move(event.key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (event.key === "Escape") setNaming(false);
    return event.key === "Escape" || ((event.key === "Enter" || event.key === "Tab") && people.current.pick());
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
      {say.error && (
        <div className={classes.refused}>
          <Note tone="bad" role="alert" title={say.error.title || t("state.unreachable")}>
            {t("ticket.post.kept")}
          </Note>
        </div>
      )}
      <MarkdownField
        box={box}
        label={t(`ticket.compose.${label}`)}
        value={draft.body}
        onChange={write}
        onCaret={setCaret}
        onKey={onKey}
        onSubmit={() => send(false)}
        placeholder={t(isNote ? "ticket.compose.note_hint" : "ticket.compose.hint")}
        maxLength={50_000}
        minRows={3}
      />
      {typed !== null && (
        <Suspense>
          <MentionList
            ticketId={ticket.id}
            isInternal={isNote}
            typed={typed}
            control={people}
            onChoose={name}
          />
        </Suspense>
      )}
      {files && (
        <Suspense fallback={<LoadingState rows={1} />}>
          <ComposerFiles
            ticketId={ticket.id!}
            isInternal={isNote}
            onChange={(ids, isBusy) => setFiles({ ids, isBusy })}
          />
        </Suspense>
      )}
      <div className={classes.foot}>
        <Audience ticket={ticket} isNote={isNote} />
        <Group gap="xs">
          {!files && (
            <Button
              variant="default"
              leftSection={<IconPaperclip size={15} aria-hidden />}
              onClick={() => setFiles({ ids: [], isBusy: false })}
            >
              {t("ticket.attach")}
            </Button>
          )}
          {isProvider && !isNote && <Canned ticketId={ticket.id} onChoose={insert} />}
          {isProvider && !isNote && (ticket.can ?? []).includes("ask") && (
            <Button
              variant="default"
              leftSection={<IconHelp size={15} aria-hidden />}
              disabled={!body || files?.isBusy}
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
            disabled={!body || files?.isBusy}
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

/* Who will read it, where the button is. */
function Audience({ ticket, isNote }: { ticket: Item<"GET /tickets">; isNote: boolean }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const who = isNote ? "internal" : isProvider ? "customer" : "own";
  return (
    <p className={classes.audience}>
      {isNote ? <IconEyeOff size={15} aria-hidden /> : <IconUsers size={15} aria-hidden />}
      {t(`ticket.audience.${who}`, { tenant: ticket.tenant_name })}
    </p>
  );
}

function Canned({ ticketId, onChoose }: { ticketId: string; onChoose: (text: string) => void }) {
  const { t } = useText();
  return (
    <Flyout
      width={420}
      position="bottom-end"
      label={t("canned_answer.choose")}
      button={
        <Button variant="default" leftSection={<IconTemplate size={15} aria-hidden />}>
          {t("canned_answer.choose")}
        </Button>
      }
    >
      {(close) => (
        <Suspense fallback={<LoadingState rows={3} />}>
          <CannedList
            ticketId={ticketId}
            onChoose={(text) => {
              close();
              onChoose(text);
            }}
          />
        </Suspense>
      )}
    </Flyout>
  );
}
