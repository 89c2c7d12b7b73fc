/* model: what a list page declares, and how the address bar becomes a question to the server.
 *
 * The state of a list (search, order, filters, columns) lives in the address, so that a list can be sent to a
 * colleague and the back button undoes a filter. Saved views are such states with a name.
 */
import type { ReactNode } from "react";
import type { Words } from "../nav";

export interface Column<T> {
  /** The member of the row; where the server sorts by that name, so does the table. */
  id: string;
  label?: string;
  cell: (row: T) => ReactNode;
  /** Offered in the column choice, not shown at first. */
  isExtra?: boolean;
  align?: "right";
  width?: number;
}

export interface Filter<F extends string = string> {
  field: F;
  kind: "words" | "lookup" | "period" | "text";
  words?: readonly string[];
  label?: string;
  /** Which domain names the words, when it is not the field's own. */
  domain?: string;
}

export interface BulkAction<T> {
  key: string;
  label: string;
  isDangerous?: boolean;
  appliesTo?: (row: T) => boolean;
  run: (rows: T[]) => void;
}

export const PERIODS = { "1h": 3600, "24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400 } as const;
export type PeriodKey = keyof typeof PERIODS;

/* Midnight of a day in a zone, as an instant: found by asking what the clock there shows at UTC midnight. */
export function startOfDay(day: string, timeZone: string): Date {
  const utc = new Date(`${day}T00:00:00Z`);
  const shown = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(utc);
  const part = (type: string) => shown.find((one) => one.type === type)?.value ?? "00";
  const asUtc = Date.parse(
    `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`,
  );
  return new Date(utc.getTime() - (asUtc - utc.getTime()));
}

function periodQuery(field: string, word: string, timeZone: string): Record<string, string> {
  const seconds = PERIODS[word as PeriodKey];
  if (seconds) {
    // To the minute, so that the question stays the same while it is asked.
    const from = Math.floor((Date.now() / 1000 - seconds) / 60) * 60;
    return { [`${field}.gte`]: new Date(from * 1000).toISOString() };
  }
  const [from, until] = word.split("..");
  const query: Record<string, string> = {};
  if (from) query[`${field}.gte`] = startOfDay(from, timeZone).toISOString();
  if (until) {
    const next = new Date(startOfDay(until, timeZone).getTime() + 36 * 3600_000).toISOString().slice(0, 10);
    query[`${field}.lt`] = startOfDay(next, timeZone).toISOString();
  }
  return query;
}

export function questionOf(words: Words, filters: Filter[], timeZone: string): Record<string, unknown> {
  const query: Record<string, unknown> = { q: words.q, sort: words.sort };
  for (const filter of filters) {
    const word = words[filter.field];
    if (!word) continue;
    if (filter.kind === "period") Object.assign(query, periodQuery(filter.field, word, timeZone));
    else if (filter.kind === "text") query[filter.field] = word;
    else query[filter.field] = word.split(",");
  }
  return query;
}

export const LIST_WORDS = ["q", "sort", "cols"];

export function viewState(words: Words, kept: string[]): Record<string, string> {
  const names = [...LIST_WORDS, ...kept];
  return Object.fromEntries(names.flatMap((name) => (words[name] ? [[name, words[name]]] : [])));
}
