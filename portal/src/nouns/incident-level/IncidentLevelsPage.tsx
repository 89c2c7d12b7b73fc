/* IncidentLevelsPage: what each level of an incident means, in both languages, and whom it tells. */
import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";

const LevelForm = lazy(() => import("./LevelForm"));

export type IncidentLevel = Item<"GET /incident-levels">;
export type Begun = { kind: "own" } | { kind: "change"; level: IncidentLevel };

const FILTERS: Filter<FilterOf<"GET /incident-levels">>[] = [{ field: "tenant_id", kind: "lookup" }];

export default function IncidentLevelsPage() {
  const { t, value } = useText();
  const { may, isProvider } = useSession();
  const [begun, begin] = useState<Begun | null>(null);
  const columns = useColumns();
  const mayWrite = may("calendars:write");
  return (
    <Page
      title={t("page.incident_levels")}
      lead={t("incident_level.lead")}
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => begin({ kind: "own" })}>
            {t("incident_level.own")}
          </Button>
        )
      }
    >
      <DataTable
        name="incident_levels"
        noun="incident_level"
        route="GET /incident-levels"
        columns={columns}
        filters={isProvider ? FILTERS : []}
        sort="-level"
        onOpen={mayWrite ? (level) => begin({ kind: "change", level }) : undefined}
        empty={{ title: t("incident_level.empty") }}
      />
      <FormDialog
        title={
          begun?.kind === "change" ? value("incident_level", String(begun.level.level)) : t("incident_level.own")
        }
        isOpen={begun !== null}
        onClose={() => begin(null)}
      >
        {begun && <LevelForm begun={begun} onClose={() => begin(null)} />}
      </FormDialog>
    </Page>
  );
}

function useColumns(): Column<IncidentLevel>[] {
  const { t, value, language } = useText();
  const { isProvider, tenant } = useSession();
  return useMemo(() => {
    const isJa = language === "ja";
    const told = (id: "by_mail" | "by_phone"): Column<IncidentLevel> => ({
      id,
      cell: (row) => (
        <StatusBadge
          field="told"
          word={row[id] ? "yes" : "no"}
          tone={row[id] ? "ok" : "mute"}
          label={t(row[id] ? "incident_level.yes" : "incident_level.no")}
        />
      ),
    });
    return [
      {
        id: "level",
        cell: (row) => (
          <TwoLines
            first={value("incident_level", String(row.level))}
            second={isJa ? row.meaning_ja : row.meaning_en}
          />
        ),
      },
      {
        id: "tenant_name",
        label: t("incident_level.for"),
        cell: (row) =>
          (isProvider ? row.tenant_id === tenant?.id : !row.tenant_name)
            ? t("incident_level.everybody")
            : row.tenant_name,
      },
      told("by_mail"),
      told("by_phone"),
      {
        id: isJa ? "meaning_en" : "meaning_ja",
        isExtra: true,
        cell: (row) => (isJa ? row.meaning_en : row.meaning_ja),
      },
      { id: "updated_at", isExtra: true, cell: (row) => <RelativeTime at={row.updated_at} /> },
    ];
  }, [language, isProvider, tenant?.id]);
}
