/* Heaps: the detections of the last week by rule or by computer, so that one decision serves many. */
import { useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";

type Heap = Item<"GET /detection-heaps">;
const WEEK_MS = 7 * 86_400_000;

export default function Heaps({ by }: { by: "rule" | "computer" }) {
  const { t, language } = useText();
  // Asked for once: the same question as long as somebody looks.
  const [since] = useState(() => new Date(Math.floor((Date.now() - WEEK_MS) / 3_600_000) * 3_600_000).toISOString());
  const columns = useMemo<Column<Heap>[]>(
    () => [
      { id: "name", label: t(`detection.heap.${by}`), cell: (row) => (language === "ja" && row.name_ja) || row.name },
      { id: "worst_score", cell: (row) => <Score of={row.worst_score} /> },
      { id: "unresolved", align: "right", cell: (row) => row.unresolved },
      { id: "detections", align: "right", cell: (row) => row.detections },
      { id: "occurrences", align: "right", cell: (row) => row.occurrences },
      ...(by === "rule" ? [{ id: "computers", align: "right" as const, cell: (row: Heap) => row.computers }] : []),
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
    ],
    [by, language],
  );
  return (
    <DataTable
      key={by}
      name="detection_heaps"
      noun="detection"
      route="GET /detection-heaps"
      columns={columns}
      fixed={{ by, since }}
      isPlain
      sort="-worst_score"
      open={(row) => `/detections?view=all&${by}_id=${row.id}`}
      empty={{ title: t("detection.empty.all"), hint: t("detection.empty_hint") }}
    />
  );
}
