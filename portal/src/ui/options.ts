/* options: the objects a field may name (a customer, permission sets, a person), asked of the server
 * by some letters. */
import { useQuery } from "@tanstack/react-query";
import { call, clientState, type Item, type Listing } from "@/api/client";
import { nounOf } from "@/api/queries";
import { useText, type Words } from "@/text";

export interface Option {
  value: string;
  label: string;
}

interface Source {
  route: Listing;
  label: (row: never, words: Words) => string;
  query?: Record<string, unknown>;
}

const source = <R extends Listing>(
  route: R,
  label: (row: Item<R>, words: Words) => string,
  query = {},
): Source => ({
  route,
  label: label as Source["label"],
  query,
});

/* Which objects a field of this name holds; the same for every form and filter. */
export const SOURCES: Record<string, Source> = {
  tenant_id: source("GET /tenants", (row) => row.name ?? ""),
  tenant_ids: source("GET /tenants", (row) => row.name ?? "", { kind: "customer" }),
  permission_set_ids: source("GET /permission-sets", (row, words) => words.named(row)),
  person_id: source("GET /people", (row) => (row.email ? `${row.name} (${row.email})` : (row.name ?? ""))),
  actor_id: source("GET /people", (row) => (row.email ? `${row.name} (${row.email})` : (row.name ?? ""))),
  assignee_id: source("GET /people", (row) => row.name ?? "", { side: "provider", status: "active" }),
  category_id: source("GET /ticket-categories", (row) => row.name),
};

export function useOptions(name: string, q = "", extra: Record<string, unknown> = {}) {
  const words = useText();
  const from = SOURCES[name];
  const query = { limit: 100, q, ...from?.query, ...extra };
  const { data, isFetched } = useQuery({
    queryKey: [nounOf(from?.route ?? ""), "options", clientState.tenantId, name, query],
    queryFn: ({ signal }) =>
      call(from!.route, { query, signal } as never) as unknown as Promise<{ items: unknown[] }>,
    enabled: from !== undefined,
    staleTime: 60_000,
  });
  const options: Option[] = (data?.items ?? []).map((row) => ({
    value: (row as { id: string }).id,
    label: from!.label(row as never, words),
  }));
  return { options, isFetched };
}
