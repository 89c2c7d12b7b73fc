/* What an incident consists of, as lists. */
import { useMemo } from "react";
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { To } from "@/ui/To";
import type { Incident } from "./IncidentPage";

export function Detections({ incident }: { incident: Incident }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /detections">>[]>(
    () => [
      { id: "score", width: 110, cell: (row) => <Score of={row.score} /> },
      { id: "title", cell: (row) => (language === "ja" && row.title_ja ? row.title_ja : row.title) },
      { id: "computer_name", cell: (row) => row.computer_name },
      { id: "process_name", cell: (row) => row.process_name },
      { id: "occurrences", align: "right", cell: (row) => row.occurrences },
      { id: "status", cell: (row) => <StatusBadge field="detection_status" word={row.status} /> },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="incident-detections"
      noun="detection"
      route="GET /detections"
      fixed={{ incident_id: incident.id }}
      columns={columns}
      sort="-last_at"
      isPlain
      open={(row) => `/detections/${row.id}`}
      empty={{ title: t("incident.no_detections") }}
    />
  );
}

export function Objects({ incident, kind, to }: { incident: Incident; kind: string; to?: (id: string) => string }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Item<"GET /incidents/{id}/objects">>[]>(
    () => [
      {
        id: "label",
        cell: (row) => (to && row.object_id ? <To to={to(row.object_id)}>{row.label}</To> : row.label),
      },
      { id: "value", cell: (row) => <span className="y-mono">{row.value}</span> },
      { id: "detections", align: "right", cell: (row) => row.detections },
      { id: "first_at", cell: (row) => <RelativeTime at={row.first_at} /> },
      { id: "last_at", cell: (row) => <RelativeTime at={row.last_at} /> },
    ],
    [language],
  );
  return (
    <DataTable
      name="incident-objects"
      noun="incident"
      route="GET /incidents/{id}/objects"
      path={{ id: incident.id }}
      fixed={{ kind }}
      columns={columns}
      sort="-detections"
      isPlain
      empty={{ title: t("incident.no_objects") }}
    />
  );
}
