/* useSave: a whole definition is sent; what the server refuses is told with the place it names. */
import { useState } from "react";
import type { Ask, Route } from "@/api/client";
import { asProblem } from "@/api/problem";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyDone } from "@/ui/notify";

export function useSave<R extends Route>(route: R, onClose: () => void) {
  const { t } = useText();
  const verb = useVerb(route, ["tickets", "audit"]);
  const [faults, setFaults] = useState<string[]>([]);
  const save = (ask: Ask<R>) =>
    verb.mutate(ask, {
      onSuccess: () => (notifyDone(t("state.saved")), onClose()),
      onError: (error) => {
        const problem = asProblem(error);
        const title = problem.status === 412 ? t("state.stale") : problem.title;
        const fields = problem.fields.map((one) => `${placeOf(one.pointer, t)}: ${one.message}`);
        setFaults(fields.length > 0 ? fields : [title || t("state.failed")]);
      },
    });
  return { save, faults, isSaving: verb.isPending };
}

/* "/fields/2/key" is the third field. */
function placeOf(pointer: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  const found = /^\/(?:fields|items)\/(\d+)(?:\/(.+))?$/.exec(pointer);
  if (!found) return pointer.replace(/^\//, "");
  return `${t("setup.nth", { n: Number(found[1]) + 1 })} ${found[2] ?? ""}`.trim();
}
