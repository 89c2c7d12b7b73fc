/* drafts: what somebody began to write stays in this browser until it was sent: per person, case and kind of post, so
 * that a note can never be found in the field of a message. */
import { useState } from "react";
import { useSession } from "@/api/session";

export type Visibility = "customer" | "internal";

export interface Draft {
  body: string;
  quotesId: string | null;
}

const NOTHING: Draft = { body: "", quotesId: null };

function read(key: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Draft> | null;
    if (typeof kept?.body !== "string") return NOTHING;
    return { body: kept.body, quotesId: typeof kept.quotesId === "string" ? kept.quotesId : null };
  } catch {
    return NOTHING;
  }
}

function keep(key: string, draft: Draft) {
  try {
    if (draft.body || draft.quotesId) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing still lets people write.
  }
}

export function useDraft(ticketId: string, visibility: Visibility) {
  const { person } = useSession();
  const key = `yagura.draft.${person?.id}.${ticketId}.${visibility}`;
  const [draft, setDraft] = useState(() => read(key));
  const change = (some: Partial<Draft>) =>
    setDraft((now) => {
      const next = { ...now, ...some };
      keep(key, next);
      return next;
    });
  return { draft, change, clear: () => change(NOTHING) };
}
