/* TestButton: asks a source of the file that every service knows, and waits for what it says. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readOptions, useRefresh, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyDone, notifyProblem } from "@/ui/notify";
import type { Source } from "./ReputationPage";
import { useTrouble } from "./standing";

/* The list refreshes by itself when an answer comes; this is for when that is missed. */
const AGAIN_MS = 3000;
const PATIENCE_MS = 60_000;

/* What it said last and when, by the server's clock alone: another word is an answer to the test. */
const lastWordOf = (source: Source) => [source.answered_at, source.trouble_at, source.trouble].join(" ");

export function TestButton({ source }: { source: Source }) {
  const { t } = useText();
  const trouble = useTrouble();
  const [asked, setAsked] = useState<{ lastWord: string; at: number } | null>(null);
  const test = useVerb("POST /reputation-sources/{id}/test", ["audit", "reputation-answers"]);
  const refresh = useRefresh();
  const { data, dataUpdatedAt } = useQuery({
    ...readOptions("GET /reputation-sources/{id}", { path: { id: source.id } }),
    enabled: asked !== null,
    refetchInterval: AGAIN_MS,
  });

  // The list may have heard of it first, and what was read before the test is no answer to it.
  const said = [source, asked && data && dataUpdatedAt >= asked.at ? data : source].find(
    (one) => asked && lastWordOf(one) !== asked.lastWord,
  );
  useEffect(() => {
    if (!asked) return;
    if (said) {
      if (said.trouble)
        notifyProblem(new Error(trouble(said.trouble)), t("reputation.test_failed", { name: source.name }));
      else notifyDone(t("reputation.test_fine", { name: source.name }));
    } else if (dataUpdatedAt - asked.at > PATIENCE_MS) notifyDone(t("reputation.test_waits"));
    else return;
    setAsked(null);
    void refresh("reputation-sources");
  }, [asked, said, dataUpdatedAt]);

  const start = () =>
    test.mutate(
      { path: { id: source.id } },
      {
        onSuccess: () => setAsked({ lastWord: lastWordOf(source), at: Date.now() }),
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={test.isPending || asked !== null}
      aria-label={t("reputation.test_of", { name: source.name })}
      onClick={start}
    >
      {t("reputation.test")}
    </Button>
  );
}
