import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Form } from "@/ui/Form";
import { useGo } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { useClock, useNumbers } from "@/ui/time";
import { DrillStanding } from "./DrillStanding";

type Drill = Item<"GET /contact-drills">;

const FILTERS: Filter<FilterOf<"GET /contact-drills">>[] = [
  { field: "standing", kind: "words", domain: "drill_standing", words: ["runs", "overdue", "finished"] },
];

export default function DrillsPage() {
  const { t, language } = useText();
  const { may, isProvider } = useSession();
  const go = useGo();
  const clock = useClock();
  const number = useNumbers();
  const [isBeginning, setBeginning] = useState(false);
  const columns = useMemo<Column<Drill>[]>(
    () => [
      { id: "quarter", cell: (row) => <span className="y-num">{row.quarter}</span> },
      { id: "tenant_name", label: t("field.tenant_id"), cell: (row) => row.tenant_name },
      { id: "standing", cell: (row) => <DrillStanding word={row.standing} /> },
      {
        id: "reached",
        align: "right",
        cell: (row) => t("drill.of", { reached: number(row.reached), contacts: number(row.contacts) }),
      },
      { id: "failed", align: "right", cell: (row) => number(row.failed) },
      { id: "due_at", cell: (row) => clock.date(row.due_at) },
      { id: "finished_at", isExtra: true, cell: (row) => row.finished_at && clock.date(row.finished_at) },
    ],
    [language],
  );
  return (
    <Page
      title={t("page.drills")}
      lead={t("drill.lead")}
      actions={
        isProvider &&
        may("services:write") && (
          <Button variant="default" onClick={() => setBeginning(true)}>
            {t("drill.begin")}
          </Button>
        )
      }
    >
      <DataTable
        name="drills"
        noun="drill"
        route="GET /contact-drills"
        columns={columns}
        filters={isProvider ? [...FILTERS, { field: "tenant_id", kind: "lookup" }] : FILTERS}
        sort="-quarter"
        open={(row) => `/contact-drills/${row.id}`}
        empty={{ title: t("drill.empty"), hint: t("drill.empty_hint") }}
      />
      <FormDialog title={t("drill.begin")} isOpen={isBeginning} onClose={() => setBeginning(false)}>
        <Form
          route="POST /contact-drills"
          noun="drill"
          layout={["tenant_id"]}
          lookups={{ tenant_id: { kind: "customer" } }}
          submit={t("drill.begin")}
          onCancel={() => setBeginning(false)}
          onDone={(drill) => void go(`/contact-drills/${drill.id}`)}
        />
      </FormDialog>
    </Page>
  );
}
