import type { Problem } from "@/api/problem";
import { Note } from "@/ui/Note";

/* Why something was not saved, field by field. */
export function Refusal({ problem }: { problem: Problem }) {
  return (
    <Note tone="bad" role="alert" title={problem.title}>
      {problem.fields.map((one) => `${one.pointer.replace("/", "")}: ${one.message}`).join(" ") || problem.detail}
    </Note>
  );
}
