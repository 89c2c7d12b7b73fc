/* diff: two texts line by line: what stayed, what went, what came. The longest common part, found plainly: rules are
 * some hundred lines at most. */
export type DiffLine = { change: "same" | "added" | "removed"; text: string };
const LINES_MAX = 2000;

export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split("\n").slice(0, LINES_MAX);
  const b = after.split("\n").slice(0, LINES_MAX);
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ change: "same", text: a[i]! });
      i++;
      j++;
    } else if (j === b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      out.push({ change: "removed", text: a[i++]! });
    } else {
      out.push({ change: "added", text: b[j++]! });
    }
  }
  return out;
}
