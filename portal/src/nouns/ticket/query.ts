/* query: the text in which cases are asked for, as far as the portal reads it: the terms of one field, to show them as
 * buttons and to put others in their place. What a text means is decided by the server alone. */

const NEEDS_QUOTES = /[\s,"「」“”『』、\u3000]/;
export const quoted = (value: string) =>
  NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', "")}"` : value;

const TERM = /-?(?:[^\s\u3000"「“]+|"[^"]*"|「[^」]*」|“[^”]*”)+/g;

export const termsOf = (text: string): string[] => text.match(TERM) ?? [];

const isOf = (name: string) => (term: string) => term.startsWith(`${name}:`);

/* The words chosen of a field: "a,b" of "severity:a,b". */
export const chosenOf = (text: string, name: string): string =>
  termsOf(text).find(isOf(name))?.slice(name.length + 1) ?? "";

/* The same text with these words of the field, or without it. */
export function withChosen(text: string, name: string, words: string): string {
  const terms = termsOf(text);
  const at = terms.findIndex(isOf(name));
  const term = words ? [`${name}:${words}`] : [];
  if (at >= 0) terms.splice(at, 1, ...term);
  else terms.push(...term);
  return terms.join(" ");
}

/* What stands before the caret and is still being written. */
export interface Unfinished {
  start: number;
  field: string | null;
  typed: string;
}

export function unfinishedAt(text: string, caret: number): Unfinished {
  const token = /[^\s\u3000]*$/.exec(text.slice(0, caret))![0];
  const parts = /^-?([a-z_]+|[^\x00-\x7f]+)(?:[:=：]|[<>＜＞]=?)(.*)$/i.exec(token);
  if (!parts) {
    const typed = token.replace(/^-/, "");
    return { start: caret - typed.length, field: null, typed };
  }
  const typed = parts[2]!.split(/[,、]/).at(-1)!;
  return { start: caret - typed.length, field: parts[1]!.toLowerCase(), typed };
}
