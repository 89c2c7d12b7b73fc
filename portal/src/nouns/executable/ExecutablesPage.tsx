/* ExecutablesPage: every file that ran, the newest first, with how widespread it is. */
import { useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useWords } from "@/ui/nav";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import { Verdict } from "./Verdict";
import classes from "./Executable.module.css";

type Executable = Item<"GET /executables">;

/* Where a hunter begins. */
const VIEWS: Record<string, Record<string, unknown>> = {
  all: {},
  rare: { "computers.lte": 2 },
  unsigned: { is_signed: false },
  bad: { verdict: ["malicious", "unwanted"] },
};
const FILTERS: Filter<FilterOf<"GET /executables">>[] = [
  { field: "verdict", kind: "words", domain: "reputation", words: ["clean", "unwanted", "malicious"] },
  { field: "os", kind: "words", domain: "os", words: ["windows", "linux", "macos"] },
  { field: "first_seen_at", kind: "period" },
];

export default function ExecutablesPage() {
  const { t } = useText();
  const { isProvider } = useSession();
  const [words] = useWords();
  const view = words.view && words.view in VIEWS ? words.view : "all";
  const columns = useColumns(isProvider);
  return (
    <Page title={t("page.executables")} lead={t("executable.lead")}>
      <nav aria-label={t("executable.views")}>
        <ul className={classes.views}>
          {Object.keys(VIEWS).map((key) => (
            <li key={key}>
              <To
                to="/executables"
                search={{ view: key }}
                className={classes.view}
                underline="never"
                aria-current={key === view ? "page" : undefined}
              >
                {t(`executable.view.${key}`)}
              </To>
            </li>
          ))}
        </ul>
      </nav>
      <DataTable
        name="executables"
        noun="executable"
        route="GET /executables"
        columns={columns}
        filters={FILTERS}
        fixed={VIEWS[view]}
        keeps={["view"]}
        searchHint={t("executable.search")}
        sort="-first_seen_at"
        open={(row) => `/executables/${row.id}`}
        empty={{ title: t("executable.empty"), hint: t("executable.empty_hint") }}
      />
    </Page>
  );
}

function useColumns(isProvider: boolean): Column<Executable>[] {
  const { language } = useText();
  return useMemo(
    () => [
      { id: "name", cell: (row) => <b>{row.name}</b> },
      { id: "path", cell: (row) => <span className="y-mono">{row.path}</span> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Executable) => row.tenant_name }] : []),
      { id: "verdict", cell: (row) => <Verdict of={row.verdict} /> },
      { id: "signer", cell: (row) => row.signer ?? "–" },
      { id: "computers", align: "right", cell: (row) => <span className="y-num">{row.computers}</span> },
      { id: "markers", cell: (row) => <Tags of={row.markers} /> },
      { id: "first_seen_at", cell: (row) => <RelativeTime at={row.first_seen_at} /> },
      { id: "last_seen_at", isExtra: true, cell: (row) => <RelativeTime at={row.last_seen_at} /> },
      { id: "hash", isExtra: true, cell: (row) => <span className="y-mono">{row.hash}</span> },
    ],
    [isProvider, language],
  );
}
