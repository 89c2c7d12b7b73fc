/* Composers: two fields that are never one. Engineers begin with the note, which nobody outside reads; speaking to the
 * customer is a step they take. Each says, where the button is, who will read it. */
import { UnstyledButton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconEyeOff, IconSend } from "@/ui/icons";
import { useWords } from "@/ui/nav";
import { Composer } from "./Composer";
import classes from "./Composer.module.css";
import type { TicketPost } from "./Conversation";
import { useDraft, type Visibility } from "./drafts";

interface ComposersProps {
  ticket: Item<"GET /tickets">;
  quoted: TicketPost | null;
  posts: Map<string, TicketPost>;
  onQuoteTaken: () => void;
}

export function Composers({ ticket, quoted, posts, onQuoteTaken }: ComposersProps) {
  const { t } = useText();
  const { isProvider } = useSession();
  const isOver = ticket.status === "closed" || ticket.status === "declined";
  const [words] = useWords();
  const wanted = words.write;
  const first: Visibility = isProvider && wanted !== "customer" ? "internal" : "customer";
  const [visibility, setVisibility] = useState<Visibility>(first);

  // A reply to a note is a note; a reply to a message goes where that message was read.
  useEffect(() => {
    if (quoted && isProvider)
      setVisibility(quoted.visibility === "internal" || isOver ? "internal" : "customer");
  }, [quoted]);

  if (!isProvider && isOver) return <Over ticketId={ticket.id} />;
  const tab = (one: Visibility) => {
    const Picture = one === "internal" ? IconEyeOff : IconSend;
    return (
      <UnstyledButton
        aria-pressed={visibility === one}
        className={classes.tab}
        data-visibility={one}
        disabled={one === "customer" && isOver}
        onClick={() => setVisibility(one)}
      >
        <Picture size={15} aria-hidden />
        {t(`ticket.compose.${one}`)}
      </UnstyledButton>
    );
  };
  const current: Visibility = isOver ? "internal" : visibility;
  return (
    <div className={classes.place}>
      {isProvider && (
        <div role="group" aria-label={t("ticket.compose.choose")} className={classes.tabs}>
          {tab("customer")}
          {tab("internal")}
        </div>
      )}
      <Composer
        key={current}
        ticket={ticket}
        visibility={current}
        quoted={quoted}
        posts={posts}
        onQuoteTaken={onQuoteTaken}
        isWanted={wanted !== undefined}
      />
    </div>
  );
}

/* What somebody had begun when the case was closed is still there, and can be sent when it is open again. */
function Over({ ticketId }: { ticketId: string }) {
  const { t } = useText();
  const { draft } = useDraft(ticketId, "customer");
  return (
    <div className={classes.over}>
      <p>{t("ticket.over_customer")}</p>
      {draft.body.trim() && (
        <>
          <p>{t("ticket.over_draft")}</p>
          <blockquote>{draft.body}</blockquote>
        </>
      )}
    </div>
  );
}
