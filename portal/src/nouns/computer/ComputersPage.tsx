/* ComputersPage: all computers, the worst first, beside the tree of their groups. */
import { Button } from "@mantine/core";
import { lazy, useMemo, useState } from "react";
import { call, type FilterOf, type Item } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { useWords } from "@/ui/nav";
import { Loaded, Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import { useNow } from "@/ui/time";
import { useBulkVerbs } from "@/ui/useBulkVerbs";
import classes from "./Computer.module.css";
import { Colour } from "./Colour";

const GroupForm = lazy(() => import("./GroupForm"));

type Computer = Item<"GET /computers">;

const FILTERS: Filter<FilterOf<"GET /computers">>[] = [
  { field: "os", kind: "words", domain: "os", words: ["windows", "linux", "macos"] },
  { field: "last_seen_at", kind: "period" },
];
const QUIET_MS = 24 * 3600_000;

export default function ComputersPage() {
  const { t } = useText();
  const { may, isProvider } = useSession();
  const [words] = useWords();
  const [isMaking, setMaking] = useState(false);
  const columns = useColumns(isProvider);
  const bulk = useBulkVerbs<Computer>("computers", (row) => row.name, [
    {
      key: "mute",
      label: t("computer.verb.mute_day"),
      isPossible: (row) => row.can?.includes("mute") ?? false,
      run: (row) => act(row, { action: "mute", until: new Date(Date.now() + QUIET_MS).toISOString() }),
    },
    {
      key: "unmute",
      label: t("computer.verb.unmute"),
      isPossible: (row) => (row.can?.includes("mute") ?? false) && Boolean(row.muted_until),
      run: (row) => act(row, { action: "unmute" }),
    },
  ]);
  return (
    <Page
      title={t("page.computers")}
      lead={t("computer.lead")}
      actions={may("computers:write") && <Button onClick={() => setMaking(true)}>{t("computer.group.make")}</Button>}
    >
      <div className={classes.columns}>
        <Tree />
        <div>
          <DataTable
            name="computers"
            noun="computer"
            route="GET /computers"
            columns={columns}
            filters={FILTERS}
            fixed={words.group_id ? { group_id: words.group_id } : {}}
            keeps={["group_id"]}
            searchHint={t("computer.search")}
            sort="-worst_score"
            open={(row) => `/computers/${row.id}`}
            bulk={may("computers:use") ? bulk.actions : undefined}
            empty={{ title: t("computer.empty"), hint: t("computer.empty_hint") }}
          />
        </div>
      </div>
      {bulk.dialog}
      <FormDialog title={t("computer.group.make")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <GroupForm onDone={() => setMaking(false)} />
      </FormDialog>
    </Page>
  );
}

const act = (row: Computer, deed: Record<string, unknown>) =>
  call("POST /computers/{id}/act", { path: { id: row.id }, body: deed as never });

function useColumns(isProvider: boolean): Column<Computer>[] {
  const { value, language } = useText();
  return useMemo(
    () => [
      { id: "worst_score", width: 120, cell: (row) => <Colour of={row.worst_score} /> },
      { id: "name", cell: (row) => <Name of={row} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Computer) => row.tenant_name }] : []),
      { id: "os", cell: (row) => value("os", row.os) },
      { id: "open_detections", align: "right", cell: (row) => <span className="y-num">{row.open_detections}</span> },
      { id: "tags", cell: (row) => <Tags of={row.tags} /> },
      { id: "last_seen_at", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
      { id: "agent", isExtra: true, cell: (row) => row.agent },
      { id: "first_seen_at", isExtra: true, cell: (row) => <RelativeTime at={row.first_seen_at} /> },
    ],
    [isProvider, language],
  );
}

function Name({ of }: { of: Computer }) {
  const { t } = useText();
  const now = useNow();
  const isMuted = of.muted_until && Date.parse(of.muted_until) > now;
  return (
    <span>
      <b>{of.name}</b> {isMuted && <small>{t("computer.muted")}</small>}
    </span>
  );
}

function Tree() {
  const { t } = useText();
  const tree = useRead("GET /computer-groups/tree");
  return (
    <nav aria-label={t("computer.groups")}>
      <Loaded of={tree}>
        {(data) => {
          const groups = data.groups ?? [];
          const own = groups.filter((one) => !one.builtin);
          const builtin = [...groups.filter((one) => one.builtin)].sort((a, b) => (a.id < b.id ? -1 : 1));
          return (
            <ul className={classes.tree}>
              {builtin.map((one) => (
                <Branch key={one.id} group={one} all={[]} />
              ))}
              {own
                .filter((one) => !own.some((other) => other.id === one.parent_id))
                .map((one) => (
                  <Branch key={one.id} group={one} all={own} />
                ))}
            </ul>
          );
        }}
      </Loaded>
    </nav>
  );
}

type Group = Item<"GET /computer-groups">;

function Branch({ group, all }: { group: Group; all: Group[] }) {
  const { value } = useText();
  const [words] = useWords();
  const below = all.filter((one) => one.parent_id === group.id);
  return (
    <li>
      <To
        to="/computers"
        search={{ group_id: group.id }}
        underline="never"
        className={classes.branch}
        aria-current={words.group_id === group.id ? "page" : undefined}
      >
        <span>{group.builtin ? value("computer_group", group.builtin) : group.name}</span>
        <span className={classes.count} data-band={(group.worst_score ?? 0) >= 70 ? "threat" : undefined}>
          {group.computers}
        </span>
      </To>
      {below.length > 0 && (
        <ul className={classes.tree}>
          {below.map((one) => (
            <Branch key={one.id} group={one} all={all} />
          ))}
        </ul>
      )}
    </li>
  );
}
