/* markdown-parse: from what somebody typed to a small tree. There is no node for markup of any other kind, so nothing
 * that is typed can become an element the portal did not mean: tags, scripts and styles stay text.
 *
 * Every search for a closing mark is remembered when it fails, and nesting is bounded, so that the time grows with the
 * length of the text, whatever is in it.
 */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "break" }
  | { kind: "strong" | "em"; of: Inline[] }
  | { kind: "link"; to: string; of: Inline[] };

export type Block =
  | { kind: "paragraph" | "heading"; of: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "quote"; of: Block[] }
  | { kind: "list"; start: number | null; items: Block[][] }
  | { kind: "rule" };

const DEEPEST = 6;
const LONGEST_LABEL = 500;
const LONGEST_LINK = 2000;

/* Only the web, and nobody hides a host behind a name and an @. */
export function safeLink(text: string): string | null {
  try {
    const url = new URL(text);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/* ---- within a line ---- */

const isSpace = (letter: string | undefined) => letter === undefined || /\s/.test(letter);
const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
const isAsciiWord = (letter: string | undefined) => letter !== undefined && /\w/.test(letter);

class Line {
  private readonly out: Inline[] = [];
  private readonly failed = new Set<string>();
  private pending = "";
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly depth: number,
    private readonly isInLink = false,
  ) {}

  parse(): Inline[] {
    while (this.at < this.text.length) {
      if (!this.takeMark()) this.pending += this.text[this.at++];
    }
    this.flush();
    return this.out;
  }

  private flush() {
    if (this.pending) this.out.push({ kind: "text", text: this.pending });
    this.pending = "";
  }

  private push(node: Inline, next: number): true {
    this.flush();
    this.out.push(node);
    this.at = next;
    return true;
  }

  private inner(from: number, until: number, isInLink = this.isInLink) {
    return new Line(this.text.slice(from, until), this.depth + 1, isInLink).parse();
  }

  private takeMark(): boolean {
    const letter = this.text[this.at]!;
    if (letter === "\n") return this.push({ kind: "break" }, this.at + 1);
    if (letter === "\\") return this.takeEscape();
    if (letter === "`") return this.takeCode();
    if (this.depth < DEEPEST && (letter === "*" || letter === "_")) return this.takeEmphasis(letter);
    if (this.isInLink) return false;
    if (letter === "[") return this.takeLink();
    return letter === "h" && !isAsciiWord(this.text[this.at - 1]) && this.takeAddress();
  }

  private takeEscape(): boolean {
    const next = this.text[this.at + 1];
    if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return false;
    this.pending += next;
    this.at += 2;
    return true;
  }

  private takeCode(): boolean {
    const fence = /`+/y;
    fence.lastIndex = this.at;
    const mark = fence.exec(this.text)![0];
    const from = this.at + mark.length;
    let end = this.failed.has(mark) ? -1 : this.text.indexOf(mark, from);
    while (end >= 0 && this.text[end + mark.length] === "`") {
      let past = end;
      while (this.text[past] === "`") past++;
      end = this.text.indexOf(mark, past);
    }
    if (end >= 0)
      return this.push({ kind: "code", text: this.text.slice(from, end).trim() }, end + mark.length);
    this.failed.add(mark);
    this.pending += mark;
    this.at = from;
    return true;
  }

  private takeEmphasis(letter: string): boolean {
    const mark = this.text[this.at + 1] === letter ? letter + letter : letter;
    const from = this.at + mark.length;
    const opens = !isSpace(this.text[from]) && !(letter === "_" && isWord(this.text[this.at - 1]));
    const end = opens && !this.failed.has(mark) ? this.endOf(mark, from) : -1;
    if (end < 0) {
      if (opens) this.failed.add(mark);
      this.pending += mark;
      this.at = from;
      return true;
    }
    const kind = mark.length === 2 ? "strong" : "em";
    return this.push({ kind, of: this.inner(from, end) }, end + mark.length);
  }

  private endOf(mark: string, from: number): number {
    const letter = mark[0]!;
    for (let end = this.text.indexOf(mark, from); end >= 0; end = this.text.indexOf(mark, end + 1)) {
      const past = this.text[end + mark.length];
      if (end === from || isSpace(this.text[end - 1])) continue;
      if (mark.length === 1 && (past === letter || this.text[end - 1] === letter)) continue;
      if (letter === "_" && isWord(past)) continue;
      return end;
    }
    return -1;
  }

  private takeLink(): boolean {
    const middle = this.text.slice(this.at, this.at + LONGEST_LABEL).indexOf("](");
    if (middle < 1) return false;
    const from = this.at + middle + 2;
    const end = this.text.slice(from, from + LONGEST_LINK).search(/[)\s]/);
    if (end < 0 || this.text[from + end] !== ")") return false;
    const to = safeLink(this.text.slice(from, from + end));
    if (!to || middle < 2) return false;
    return this.push(
      { kind: "link", to, of: this.inner(this.at + 1, this.at + middle, true) },
      from + end + 1,
    );
  }

  private takeAddress(): boolean {
    const pattern = /https?:\/\/[!#-;=?-_a-z~]{1,2000}/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0].replace(/[.,;:!?)\]'*_]+$/, "");
    const to = found ? safeLink(found) : null;
    if (!found || !to) return false;
    return this.push({ kind: "link", to, of: [{ kind: "text", text: found }] }, this.at + found.length);
  }
}

const inline = (text: string): Inline[] => new Line(text, 0).parse();

/* ---- lines into blocks ---- */

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6}\s+/;
const RULE = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,8})([-*+]|\d{1,9}[.)])\s+/;

const begins = (line: string) =>
  FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);

const takeWhile = (lines: string[], from: number, holds: (line: string) => boolean) => {
  let end = from;
  while (end < lines.length && holds(lines[end]!)) end++;
  return end;
};

type Taken = [block: Block, next: number];

function takeFence(lines: string[], at: number, mark: string): Taken {
  const end = takeWhile(lines, at + 1, (line) => !line.trim().startsWith(mark));
  return [{ kind: "code", text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function takeQuote(lines: string[], at: number, depth: number): Taken {
  const end = takeWhile(lines, at, (line) => QUOTE.test(line));
  const of = parseLines(
    lines.slice(at, end).map((line) => line.replace(QUOTE, "")),
    depth + 1,
  );
  return [{ kind: "quote", of }, end];
}

/* What is indented under an item belongs to it; a blank line within does not end the list. */
function takeList(lines: string[], at: number, depth: number): Taken {
  const [, indent, first] = ITEM.exec(lines[at]!)!;
  const isOrdered = /\d/.test(first!);
  const items: string[][] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next]!;
    const mark = ITEM.exec(line);
    const deeper = line.search(/\S/) > indent!.length;
    if (mark && !deeper && mark[1]!.length === indent!.length && /\d/.test(mark[2]!) === isOrdered) {
      items.push([line.slice(mark[0].length)]);
    } else if (deeper || (!line.trim() && /^\s/.test(lines[next + 1] ?? ""))) {
      items.at(-1)!.push(line.replace(/^ {1,4}/, "").replace(/^ +(?=[-*+\d])/, ""));
    } else if (line.trim() && !begins(line) && lines[next - 1]!.trim()) {
      items.at(-1)!.push(line);
    } else if (!line.trim() && sameList(lines[next + 1], indent!, isOrdered)) {
      continue;
    } else {
      break;
    }
  }
  const start = isOrdered ? Number.parseInt(first!, 10) : null;
  return [{ kind: "list", start, items: items.map((item) => parseLines(item, depth + 1)) }, next];
}

function sameList(line: string | undefined, indent: string, isOrdered: boolean) {
  const mark = line === undefined ? null : ITEM.exec(line);
  return mark !== null && mark[1]!.length === indent.length && /\d/.test(mark[2]!) === isOrdered;
}

function takeBlock(lines: string[], at: number, depth: number): Taken {
  const line = lines[at]!;
  const fence = FENCE.exec(line);
  if (fence) return takeFence(lines, at, fence[1]!);
  if (HEADING.test(line)) return [{ kind: "heading", of: inline(line.replace(HEADING, "").trim()) }, at + 1];
  if (RULE.test(line)) return [{ kind: "rule" }, at + 1];
  if (depth < DEEPEST && QUOTE.test(line)) return takeQuote(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return takeList(lines, at, depth);
  const end = Math.max(
    at + 1,
    takeWhile(lines, at, (one) => one.trim() !== "" && (one === line || !begins(one))),
  );
  const text = lines.slice(at, end).map((one) => one.trim());
  return [{ kind: "paragraph", of: inline(text.join("\n")) }, end];
}

function parseLines(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at]!.trim()) {
      at++;
      continue;
    }
    const [block, next] = takeBlock(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

export const parseMarkdown = (text: string): Block[] =>
  parseLines(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);
