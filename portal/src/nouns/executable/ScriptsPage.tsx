/* ScriptsPage: every script and script host that ran, with its command line. */
import { useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import classes from "./Executable.module.css";

type Script = Item<"GET /scripts">;

const FILTERS: Filter<FilterOf<"GET /scripts">>[] = [
  {
    field: "kind",
    kind: "words",
    domain: "script_kind",
    words: ["powershell", "vbscript", "jscript", "batch", "shell", "python", "other"],
  },
  { field: "last_seen_at", kind: "period" },
];
const SHOWN = 200;

export default function ScriptsPage() {
  const { t, value, language } = useText();
  const { isProvider } = useSession();
  const [opened, open] = useState<Script | null>(null);
  const columns = useMemo<Column<Script>[]>(
    () => [
      { id: "kind", width: 120, cell: (row) => value("script_kind", row.kind) },
      { id: "host", cell: (row) => row.host },
      {
        id: "command_line",
        cell: (row) => <span className="y-mono">{(row.command_line ?? row.body ?? "").slice(0, SHOWN)}</span>,
      },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Script) => row.tenant_name }] : []),
      { id: "runs", align: "right", cell: (row) => <span className="y-num">{row.runs}</span> },
      { id: "computers", align: "right", cell: (row) => <span className="y-num">{row.computers}</span> },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
      { id: "first_seen_at", isExtra: true, cell: (row) => <RelativeTime at={row.first_seen_at} /> },
    ],
    [isProvider, language],
  );
  return (
    <Page title={t("page.scripts")} lead={t("script.lead")}>
      <DataTable
        name="scripts"
        noun="script"
        route="GET /scripts"
        columns={columns}
        filters={FILTERS}
        searchHint={t("script.search")}
        sort="-last_seen_at"
        onOpen={open}
        empty={{ title: t("script.empty"), hint: t("script.empty_hint") }}
      />
      <FormDialog
        title={opened ? value("script_kind", opened.kind) : ""}
        isOpen={Boolean(opened)}
        onClose={() => open(null)}
      >
        <pre className={classes.code} tabIndex={0}>
          {opened?.command_line ?? opened?.body}
        </pre>
      </FormDialog>
    </Page>
  );
}
