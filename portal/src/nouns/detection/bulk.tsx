/* bulk: one verb on many detections: what it needs is asked once, then the server says what would happen. */
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useText } from "@/text";
import type { BulkAction } from "@/ui/table/model";
import type { Detection } from "./rights";

const DetectionBulk = lazy(() => import("./DetectionBulk"));
const VERBS = ["take", "resolve", "reopen"] as const;
export type BulkVerb = (typeof VERBS)[number];

export function useDetectionBulk(): { actions: BulkAction<Detection>[]; dialog: ReactNode } {
  const { t } = useText();
  const [asked, ask] = useState<{ verb: BulkVerb; rows: Detection[] } | null>(null);
  const actions = VERBS.map((verb) => ({
    key: verb,
    label: t(`detection.verb.${verb}`),
    appliesTo: (row: Detection) => row.can?.includes(verb) ?? false,
    run: (rows: Detection[]) => ask({ verb, rows }),
  }));
  const dialog = asked && (
    <Suspense>
      <DetectionBulk {...asked} onClose={() => ask(null)} />
    </Suspense>
  );
  return { actions, dialog };
}
