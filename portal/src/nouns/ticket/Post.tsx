import { UnstyledButton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { IconEyeOff, IconInfo, IconQuote } from "@/ui/icons";
import { Markdown } from "@/ui/Markdown";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import type { TicketPost } from "./Conversation";
import { ByMail, Folded, HeardProgram } from "./ByMail";
import classes from "./Conversation.module.css";
import { PostVerbs } from "./PostVerbs";

const PostFiles = lazy(() => withText(["file"], import("@/nouns/attachment/PostFiles")));

interface PostProps {
  post: TicketPost;
  quoted: TicketPost | undefined;
  onQuote?: (post: TicketPost) => void;
}

export function Post({ post, quoted, onQuote }: PostProps) {
  const { t } = useText();
  if (post.kind === "automatic") return <Automatic post={post} />;
  const isNote = post.visibility === "internal";
  return (
    <li className={classes.post} data-note={isNote || undefined} data-side={post.author_side}>
      {isNote && (
        <div className={classes.noteLabel}>
          <IconEyeOff size={14} stroke={2} aria-hidden />
          {t("ticket.note_label")}
        </div>
      )}
      <div className={classes.head}>
        <Initials name={post.author_name} />
        <b>{post.author_name}</b>
        <Side post={post} />
        {post.by_mail && <ByMail />}
        <span className={classes.when}>
          <RelativeTime at={post.created_at} />
        </span>
        {post.kind === "question" && <Question post={post} />}
        {post.origin && <span className={classes.side}>{t("ticket.from_merged", { from: post.origin })}</span>}
        {post.edited_at && (
          <span className={classes.edited}>
            {t("ticket.edited")} <RelativeTime at={post.edited_at} />
          </span>
        )}
        <span className={classes.verbs}>
          {onQuote && post.id !== post.ticket_id && (
            <UnstyledButton
              className={classes.quoteButton}
              aria-label={t("ticket.quote_of", { name: post.author_name })}
              onClick={() => onQuote(post)}
            >
              <IconQuote size={14} aria-hidden />
              {t("ticket.quote")}
            </UnstyledButton>
          )}
          <PostVerbs post={post} mayWrite={Boolean(onQuote)} />
        </span>
      </div>
      {post.quotes_id && <Quoted post={quoted} />}
      <Markdown text={post.body} />
      {post.folded && <Folded text={post.folded} />}
      {post.ticket_id && (
        <Suspense>
          <PostFiles ticketId={post.ticket_id} postId={post.id!} />
        </Suspense>
      )}
      {post.revealed_as_id && <p className={classes.revealed}>{t("ticket.post.revealed")}</p>}
    </li>
  );
}

const Initials = ({ name }: { name: string }) => (
  <span className={classes.initials} aria-hidden>
    {[...name.trim()][0]?.toUpperCase()}
  </span>
);

function Side({ post }: { post: TicketPost }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const word = post.mine ? "mine" : `${post.author_side}_to_${isProvider ? "provider" : "customer"}`;
  return <span className={classes.side}>{t(`ticket.side.${word}`)}</span>;
}

function Question({ post }: { post: TicketPost }) {
  const { t } = useText();
  const isAnswered = Boolean(post.answered_at);
  return (
    <StatusBadge
      field="question"
      word="question"
      tone={isAnswered ? "ok" : "warn"}
      label={t(isAnswered ? "ticket.question_answered" : "ticket.question_open")}
    />
  );
}

export function Quoted({ post }: { post: TicketPost | undefined }) {
  const { t } = useText();
  return (
    <blockquote className={classes.quoted}>
      {post ? (
        <>
          <b>{post.author_name}</b>
          <span>{shorten(post.body)}</span>
        </>
      ) : (
        t("ticket.quoted_earlier")
      )}
    </blockquote>
  );
}

const SHOWN = 160;
const shorten = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
};

/* What the service itself says: to engineers which mark a promise has passed, to both what was merged or split. */
function Automatic({ post }: { post: TicketPost }) {
  const { t, value } = useText();
  if (post.by_mail) return <HeardProgram post={post} />;
  const found = /^promise (\w+): (breached at )?(\d+) %$/.exec(post.body);
  const silence = /^escalation (\w+): (\d+) told, nobody acknowledged$/.exec(post.body);
  const told = /^case (\w+) (\S+)$/.exec(post.body);
  const said = found
    ? {
        key: found[2] ? "ticket.mark_breached" : "ticket.mark_reached",
        values: { metric: value("metric", found[1]), percent: found[3] },
      }
    : silence
      ? {
          key: "ticket.silence",
          values: { metric: value("metric", silence[1]), people: silence[2] },
        }
      : told && { key: `ticket.told.${told[1]}`, values: { reference: told[2], name: post.author_name } };
  return (
    <li className={classes.automatic} data-bad={Boolean(found?.[2] ?? silence) || undefined}>
      <IconInfo size={14} aria-hidden />
      <span>{said ? t(said.key, said.values) : post.body}</span>
      <RelativeTime at={post.created_at} />
    </li>
  );
}
