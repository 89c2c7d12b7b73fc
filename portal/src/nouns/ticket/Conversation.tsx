/* Conversation: all that was said in a case, oldest first, and the place to go on. Messages that the customer reads
 * and notes among engineers have nothing in common: not their colour, their border, their label nor their composer. */
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Item } from "@/api/client";
import { useListing, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { IconMessage } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { Section } from "@/ui/Page";
import { Composers } from "./Composers";
import classes from "./Conversation.module.css";
import { Post } from "./Post";
import { ReadBy } from "./ReadBy";
import { useMayWrite } from "./rights";
import { Writers } from "./Writers";

type Ticket = Item<"GET /tickets">;
export type TicketPost = Item<"GET /tickets/{id}/posts">;

const POSTS = 100;

export function Conversation({ ticket }: { ticket: Ticket }) {
  const { t } = useText();
  const mayWrite = useMayWrite();
  const path = { id: ticket.id };
  const listing = useListing("GET /tickets/{id}/posts", {
    path,
    query: { sort: "-created_at", limit: POSTS },
  });
  const posts = listing.rows.toReversed();
  const byId = new Map(posts.map((post) => [post.id, post]));
  const [quoted, setQuoted] = useState<TicketPost | null>(null);
  useReadMark(ticket, !listing.isLoading);
  const quote = mayWrite ? setQuoted : undefined;

  return (
    <Section title={t("ticket.conversation")} flush>
      {listing.isLoading ? (
        <LoadingState rows={4} />
      ) : listing.problem && posts.length === 0 ? (
        <ErrorState error={listing.problem} onRetry={listing.refetch} />
      ) : posts.length === 0 ? (
        <EmptyState icon={IconMessage} title={t("ticket.silent")} hint={t("ticket.silent_hint")} />
      ) : (
        <>
          {listing.hasMore && (
            <div className={classes.earlier}>
              <Button size="xs" variant="default" loading={listing.isFetching} onClick={listing.readMore}>
                {t("ticket.earlier")}
              </Button>
            </div>
          )}
          <ol className={classes.posts} aria-label={t("ticket.conversation")} aria-live="polite">
            {posts.map((post) => (
              <Post key={post.id} post={post} quoted={byId.get(post.quotes_id ?? "")} onQuote={quote} />
            ))}
          </ol>
          <ReadBy ticketId={ticket.id} last={posts.findLast(isForBoth)} />
        </>
      )}
      <Writers ticketId={ticket.id} />
      {mayWrite && (
        <Composers ticket={ticket} quoted={quoted} posts={byId} onQuoteTaken={() => setQuoted(null)} />
      )}
    </Section>
  );
}

const isForBoth = (post: TicketPost) => post.visibility === "customer";

/* Who has the case before their eyes has read it: told once per message. */
function useReadMark(ticket: Ticket, isShown: boolean) {
  const mark = useVerb("POST /tickets/{id}/read");
  const told = useRef<string | null>(null);
  useEffect(() => {
    const tell = () => {
      if (!isShown || !ticket.unread || document.hidden || told.current === ticket.last_post_at) return;
      told.current = ticket.last_post_at;
      mark.mutate({ path: { id: ticket.id } });
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [isShown, ticket.unread, ticket.last_post_at]);
}
