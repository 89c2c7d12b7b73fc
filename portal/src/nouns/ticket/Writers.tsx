/* Writers: who is writing at this moment. Told by the stream, believed for some seconds. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call } from "@/api/client";
import { onChange } from "@/api/live";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import classes from "./Conversation.module.css";
import type { Visibility } from "./drafts";

const WHILE_MS = 3000;
const AGAIN_MS = 4000;

export function Writers({ ticketId }: { ticketId: string }) {
  const { t } = useText();
  const { person } = useSession();
  const writers = useQuery({
    queryKey: ["ticket-writing", ticketId],
    queryFn: ({ signal }) => call("GET /tickets/{id}/writers", { path: { id: ticketId }, signal }),
    refetchInterval: (query) => ((query.state.data?.items.length ?? 0) > 0 ? WHILE_MS : false),
  });
  const { refetch } = writers;
  useEffect(
    () =>
      onChange((change) => {
        const isAboutWriting = change.verb === "writing" || change.verb === "posted" || change.verb === "noted";
        if (change.object_id === ticketId && isAboutWriting) void refetch();
      }),
    [ticketId, refetch],
  );
  const others = (writers.data?.items ?? []).filter((one) => one.person_id !== person?.id);
  const names = others.map((one) => one.person_name).join(t("ticket.and"));
  const isNote = others.length > 0 && others.every((one) => one.internal);
  return (
    <p className={classes.writing} role="status" data-note={isNote || undefined}>
      {names && t(isNote ? "ticket.writing_note" : "ticket.writing", { names })}
    </p>
  );
}

/* Tells that the reader of this page writes, at most every few seconds; a failure is nobody's business. */
export function useTellWriting(ticketId: string, visibility: Visibility) {
  const told = useRef(0);
  return (text: string) => {
    const now = Date.now();
    if (!text.trim() || now - told.current < AGAIN_MS) return;
    told.current = now;
    const body = { internal: visibility === "internal" };
    call("POST /tickets/{id}/writing", { path: { id: ticketId }, body }).catch(() => undefined);
  };
}
