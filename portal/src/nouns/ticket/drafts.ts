/* drafts: what somebody began to write stays in this browser until it was sent: per person, case and kind of post, so
 * that a note can never be found in the field of a message. */
import { useState } from "react";
import { useSession } from "@/api/session";
import type { Named } from "./mentions";

export type Visibility = "customer" | "internal";

export interface Draft {
  body: string;
  quotesId: string | null;
  named: Named[];
}

const NOTHING: Draft = { body: "", quotesId: null, named: [] };

function read(key: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Draft> | null;
    if (typeof kept?.body !== "string") return NOTHING;
    const quotesId = typeof kept.quotesId === "string" ? kept.quotesId : null;
    return { body: kept.body, quotesId, named: Array.isArray(kept.named) ? kept.named : [] };
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

/* What somebody began to write in the form of a new case. */
type Values = Record<string, unknown>;

const newCaseKey = (personId: string | undefined) => `yagura.draft.${personId}.new`;

export function readNewCase(personId: string | undefined): Values {
  try {
    const kept = JSON.parse(localStorage.getItem(newCaseKey(personId)) ?? "null") as unknown;
    return typeof kept === "object" && kept !== null ? (kept as Values) : {};
  } catch {
    return {};
  }
}

export function keepNewCase(personId: string | undefined, values: Values | null) {
  const isWorthKeeping = values && (values.subject || values.description);
  try {
    if (isWorthKeeping) localStorage.setItem(newCaseKey(personId), JSON.stringify(values));
    else localStorage.removeItem(newCaseKey(personId));
  } catch {
    // A browser that keeps nothing still lets people write.
  }
}
