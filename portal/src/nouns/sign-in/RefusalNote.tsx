/* RefusalNote: why the door stays closed, and when to come again. */
import type { Problem } from "@/api/problem";
import { useText } from "@/text";
import { Note } from "@/ui/Note";

export function RefusalNote({ problem }: { problem: Problem }) {
  const { t } = useText();
  const title = problem.status === 0 ? t("state.unreachable") : problem.title || t("state.failed");
  const wait = problem.retryAfterS ? t("sign_in.wait", { seconds: problem.retryAfterS }) : "";
  return (
    <Note tone="bad" role="alert" title={title}>
      {[problem.detail, wait, ...problem.fields.map((one) => one.message)].filter(Boolean).map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Note>
  );
}
