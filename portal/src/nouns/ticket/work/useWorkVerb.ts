/* useWorkVerb: a verb of the side areas. It changes the case and its log, and says aloud when it was refused. */
import type { Ask, Route } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyProblem } from "@/ui/notify";

export function useWorkVerb<R extends Route>(route: R) {
  const { t } = useText();
  const verb = useVerb(route, ["tickets", "audit"]);
  return {
    isBusy: verb.isPending,
    run: (ask: Ask<R>, then?: () => void) =>
      verb.mutate(ask, { onSuccess: then, onError: (error) => notifyProblem(error, t("state.failed")) }),
  };
}
