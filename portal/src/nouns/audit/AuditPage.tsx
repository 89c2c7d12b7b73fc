import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { call, type FilterOf, type Item, type Out } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconShield } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { useNumbers } from "@/ui/time";
import { Note } from "@/ui/Note";

const AuditLine = lazy(() => import("./AuditLine"));

export type Line = Item<"GET /audit">;

export default function AuditPage() {
  const { t, value, language } = useText();
  const { isProvider } = useSession();
  const [open, setOpen] = useState<Line | null>(null);
  const columns = useMemo<Column<Line>[]>(
    () => [
      { id: "at", width: 160, cell: (row) => <ExactTime at={row.at} /> },
      { id: "action", cell: (row) => value("action", row.action) },
      {
        id: "object_name",
        cell: (row) => <TwoLines first={row.object_name} second={value("object_type", row.object_type)} />,
      },
      { id: "actor_name", cell: (row) => row.actor_name || t("audit.system") },
      { id: "result", cell: (row) => <StatusBadge field="result" word={row.result} /> },
      { id: "address", cell: (row) => <span className="y-mono">{row.address}</span> },
      ...(isProvider ? [{ id: "tenant_name", isExtra: true, cell: (row: Line) => row.tenant_name }] : []),
      { id: "seq", isExtra: true, align: "right", cell: (row) => row.seq },
    ],
    [isProvider, language],
  );
  const filters: Filter<FilterOf<"GET /audit">>[] = [
    { field: "at", kind: "period", label: t("audit.period") },
    { field: "actor_id", kind: "lookup" },
    { field: "action", kind: "text" },
    {
      field: "object_type",
      kind: "words",
      words: OBJECT_TYPES,
    },
    { field: "object_id", kind: "text" },
    { field: "result", kind: "words", words: RESULTS },
    ...(isProvider ? [{ field: "tenant_id", kind: "lookup" } as const] : []),
  ];
  return (
    <Page title={t("page.audit")} lead={t("audit.lead")} actions={<VerifyChain />}>
      <DataTable
        name="audit"
        noun="audit"
        route="GET /audit"
        columns={columns}
        filters={filters}
        searchHint={t("audit.search")}
        sort="-at"
        onOpen={setOpen}
        empty={{ title: t("audit.empty") }}
      />
      {open && (
        <Suspense>
          <AuditLine line={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </Page>
  );
}

/* What people look for; any other kind can stand in the address. */
const OBJECT_TYPES = [
  "person",
  "session",
  "tenant",
  "permission_set",
  "api_key",
  "identity_provider",
  "mail",
  "job",
  "ticket",
  "incident",
  "detection",
  "rule",
  "exclusion",
  "hunt",
  "computer",
  "ingest_key",
  "incident_rule",
  "reputation_source",
];
const RESULTS = ["done", "refused", "failed"];

/* Recomputes the chain of hashes on the server: did anybody change the log behind our back? */
function VerifyChain() {
  const { t } = useText();
  const number = useNumbers();
  const [state, setState] = useState<Out<"GET /audit/verify"> | Problem | "busy" | null>(null);
  const verify = () => {
    setState("busy");
    call("GET /audit/verify").then(setState, (error: unknown) => setState(asProblem(error)));
  };
  const result = state && state !== "busy" && !(state instanceof Error) ? state : null;
  const broken = result?.chains.filter((chain) => chain.broken_seq !== null) ?? [];
  return (
    <>
      {result && (
        <Note role="status" tone={result.whole ? "ok" : "bad"}>
          {result.whole
            ? t("audit.chain_ok", {
                lines: number(result.chains.reduce((sum, chain) => sum + chain.entries, 0)),
              })
            : broken.map((chain) => (
                <div key={chain.tenant_id}>
                  {t("audit.chain_broken", { name: chain.tenant_name, line: chain.broken_seq })}
                </div>
              ))}
        </Note>
      )}
      {state instanceof Error && (
        <Note role="alert" tone="bad">
          {state.title}
        </Note>
      )}
      <Button
        variant="default"
        loading={state === "busy"}
        leftSection={<IconShield size={16} aria-hidden />}
        onClick={verify}
      >
        {t("audit.verify")}
      </Button>
    </>
  );
}
