/* useBulkVerbs: the verbs of single objects on a selection. What an object says it can is the preview; each then gets
 * its own call, so that one refusal stops nobody else, and its own line in the result. */
import { lazy, Suspense, useState } from "react";
import { asProblem } from "@/api/problem";
import { useRefresh } from "@/api/queries";
import { useText } from "@/text";
import type { BulkAsk, BulkResult } from "./BulkDialog";
import type { BulkAction } from "./table/model";

/* Downloaded when somebody has chosen a verb for a selection. */
const BulkDialog = lazy(() => import("./BulkDialog").then((part) => ({ default: part.BulkDialog })));

export interface BulkVerb<T> {
  key: string;
  label: string;
  isDangerous?: boolean;
  isPossible: (row: T) => boolean;
  run: (row: T) => Promise<unknown>;
}

export function useBulkVerbs<T extends { id: string }>(
  path: string,
  nameOf: (row: T) => string,
  verbs: BulkVerb<T>[],
) {
  const { t } = useText();
  const refresh = useRefresh();
  const [ask, setAsk] = useState<BulkAsk | null>(null);

  const tryOne = async (verb: BulkVerb<T>, row: T): Promise<BulkResult> => {
    if (!verb.isPossible(row)) return { id: row.id, ok: false, message: t("bulk.refused") };
    try {
      await verb.run(row);
      return { id: row.id, ok: true };
    } catch (failure) {
      const { fields, title } = asProblem(failure);
      return { id: row.id, ok: false, message: fields[0]?.message ?? title };
    }
  };

  const runAll = async (verb: BulkVerb<T>, rows: T[]) => {
    const results: BulkResult[] = [];
    for (const row of rows) results.push(await tryOne(verb, row));
    await refresh(path);
    return results;
  };

  const actions: BulkAction<T>[] = verbs.map((verb) => ({
    key: verb.key,
    label: verb.label,
    isDangerous: verb.isDangerous,
    appliesTo: verb.isPossible,
    run: (rows) =>
      setAsk({
        title: verb.label,
        action: verb.label,
        isDangerous: verb.isDangerous,
        rows: rows.map((row) => ({ id: row.id, name: nameOf(row) })),
        run: async (isDry) =>
          isDry
            ? rows.map((row) => ({ id: row.id, ok: verb.isPossible(row) }))
            : await runAll(verb, rows),
      }),
  }));

  const dialog = ask && (
    <Suspense>
      <BulkDialog ask={ask} onClose={() => setAsk(null)} />
    </Suspense>
  );
  return { actions, dialog };
}
