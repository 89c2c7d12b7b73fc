/* process-tree: the processes that the server tells of, as lines of a tree: who stands below whom, and
 * which lines show. */
import type { Out } from "@/api/client";

type Tree = Out<"GET /process-tree">;
export type Process = NonNullable<Tree["nodes"]>[number];
export type Action = NonNullable<Tree["actions"]>[number];

export interface Line {
  process: Process;
  level: number;
  children: number;
  isOpen: boolean;
  parent: string | null;
  nth: number;
  of: number;
}

/* Senders spell the same identity in either case. */
const key = (guid: string | null | undefined) => (guid ?? "").toLowerCase();

export interface Family {
  roots: Process[];
  childrenOf: Map<string, Process[]>;
}

/** With `isWide`, also what the ancestors started besides the way to the subject. */
export function familyOf(all: Process[], isWide: boolean): Family {
  const known = new Map(all.map((one) => [key(one.guid), one]));
  const nodes = isWide ? all : all.filter((one) => one.is_ancestor || isBelowSubject(one, known));
  const shown = new Set(nodes.map((one) => key(one.guid)));
  const childrenOf = new Map<string, Process[]>();
  const roots: Process[] = [];
  for (const one of nodes) {
    const parent = key(one.parent_guid);
    if (parent && shown.has(parent) && parent !== key(one.guid)) {
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), one]);
    } else {
      roots.push(one);
    }
  }
  return { roots, childrenOf };
}

function isBelowSubject(one: Process, known: Map<string, Process>): boolean {
  let now: Process | undefined = one;
  for (let steps = 0; now && steps < 64; steps++) {
    if (now.is_subject) return true;
    now = now.parent_guid ? known.get(key(now.parent_guid)) : undefined;
  }
  return false;
}

/** The lines that show, from top to bottom. */
export function linesOf({ roots, childrenOf }: Family, closed: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  const walk = (some: Process[], level: number, parent: string | null) =>
    some.forEach((process, at) => {
      const children = childrenOf.get(key(process.guid)) ?? [];
      const isOpen = children.length > 0 && !closed.has(process.guid);
      lines.push({ process, level, children: children.length, isOpen, parent, nth: at + 1, of: some.length });
      if (isOpen && level < 64) walk(children, level + 1, process.guid);
    });
  walk(roots, 1, null);
  return lines;
}

/** Where a key leads: to another line, or to one that opens or closes. */
export function stepOf(pressed: string, lines: Line[], at: number): { to?: number; toggle?: boolean } {
  const line = lines[at];
  if (!line) return {};
  switch (pressed) {
    case "ArrowDown":
      return { to: Math.min(at + 1, lines.length - 1) };
    case "ArrowUp":
      return { to: Math.max(at - 1, 0) };
    case "Home":
      return { to: 0 };
    case "End":
      return { to: lines.length - 1 };
    case "ArrowRight":
      if (line.children > 0) return line.isOpen ? { to: at + 1 } : { toggle: true };
      return {};
    case "ArrowLeft":
      if (line.isOpen) return { toggle: true };
      return line.parent ? { to: lines.findIndex((one) => one.process.guid === line.parent) } : {};
    default:
      return {};
  }
}

export const sameProcess = (a: string | null | undefined, b: string | null | undefined) => key(a) === key(b);

export const programOf = (path: string | null | undefined) => path?.split(/[\\/]/).pop() || null;
