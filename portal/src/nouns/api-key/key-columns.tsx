import { Button } from "@mantine/core";
import type { Words } from "@/text";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import type { Column } from "@/ui/table/model";
import { Tags, TwoLines } from "@/ui/Tags";

interface KeyRow {
  name: string | null;
  prefix: string | null;
  scopes: string[] | null;
  expires_at: string | null;
  last_used_at: string | null;
  last_used_address: string | null;
  revoked_at: string | null;
  created_at: string | null;
}

const stateOf = (row: KeyRow) =>
  row.revoked_at ? "revoked" : row.expires_at && new Date(row.expires_at) < new Date() ? "expired" : "active";

/* What every list of keys shows; the key itself is told once, at its birth, and never here. */
export function keyColumns<T extends KeyRow>({ t }: Words, onRevoke?: (row: T) => void): Column<T>[] {
  return [
    { id: "name", cell: (row) => <TwoLines first={row.name} second={`ygk_${row.prefix ?? ""}_…`} /> },
    { id: "scopes", cell: (row) => <Tags of={row.scopes} /> },
    {
      id: "key_state",
      cell: (row) => (
        <StatusBadge field="key_state" word={stateOf(row)} tone={row.revoked_at ? "mute" : undefined} />
      ),
    },
    { id: "expires_at", cell: (row) => <RelativeTime at={row.expires_at} missing={t("api_key.no_end")} /> },
    {
      id: "last_used_at",

      cell: (row) => (
        <>
          <RelativeTime at={row.last_used_at} missing={t("api_key.unused")} />
          {row.last_used_address && <small className="y-mono"> {row.last_used_address}</small>}
        </>
      ),
    },
    { id: "created_at", isExtra: true, cell: (row) => <RelativeTime at={row.created_at} /> },
    ...(onRevoke
      ? [
          {
            id: "row_actions",
            cell: (row: T) =>
              stateOf(row) === "active" && (
                <Button size="compact-xs" variant="default" onClick={() => onRevoke(row)}>
                  {t("api_key.revoke")}
                </Button>
              ),
          },
        ]
      : []),
  ];
}
