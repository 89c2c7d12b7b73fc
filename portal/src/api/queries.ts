/* queries: the client as hooks. A cache key begins with the noun (the first word of the path), so that a write, or
 * a change announced by the server, refreshes everything shown of that noun and nothing else. */
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call, clientState, type Ask, type Item, type Listing, type Out, type Route } from "./client";
import { asProblem, Problem } from "./problem";

export const nounOf = (route: string): string => route.split(/[ /]+/)[1] ?? "";

type Read = Extract<Route, `GET ${string}`>;

export const readOptions = <R extends Read>(route: R, ask: Pick<Ask<R>, "path" | "query"> = {}) =>
  queryOptions<Out<R>, Problem>({
    queryKey: [nounOf(route), route, clientState.tenantId, ask.path ?? {}, ask.query ?? {}],
    queryFn: ({ signal }) => call(route, { ...ask, signal }) as Promise<Out<R>>,
  });

export const useRead = <R extends Read>(
  route: R,
  ask: Pick<Ask<R>, "path" | "query"> & { enabled?: boolean } = {},
) => useQuery({ ...readOptions(route, ask), enabled: ask.enabled ?? true });

/* A listing page by page; pages already read stay on the screen while filters change. */
export function useListing<R extends Listing & Read>(route: R, ask: Pick<Ask<R>, "path" | "query">) {
  const listing = useInfiniteQuery({
    queryKey: [nounOf(route), route, clientState.tenantId, ask.path ?? {}, ask.query ?? {}, "pages"],
    queryFn: ({ pageParam, signal }) => {
      // The total is counted once, with the first page.
      const query = { ...ask.query, ...(pageParam ? { cursor: pageParam } : { total: true }) };
      return call(route, { path: ask.path, query, signal }) as Promise<Page<R>>;
    },
    initialPageParam: "",
    getNextPageParam: (page: Page<R>) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const pages = listing.data?.pages ?? [];
  return {
    rows: pages.flatMap((page) => page.items),
    total: pages[0]?.total ?? null,
    problem: listing.error ? asProblem(listing.error) : null,
    isLoading: listing.isPending,
    isFetching: listing.isFetching,
    hasMore: listing.hasNextPage,
    readMore: () => void listing.fetchNextPage(),
    refetch: () => void listing.refetch(),
  };
}

interface Page<R extends Listing> {
  items: Item<R>[];
  next_cursor?: string | null;
  total?: number | null;
}

const isAbout = (key: readonly unknown[], id: string) =>
  key.some((part) => typeof part === "object" && part !== null && (part as { id?: unknown }).id === id);

/* A verb: calls the route, then refreshes its noun and whatever else it names. */
export function useVerb<R extends Route>(route: R, alsoChanges: string[] = []) {
  const cache = useQueryClient();
  return useMutation<Out<R>, Problem, Ask<R>>({
    mutationFn: (ask) => call(route, ask),
    onSuccess: async (_out, ask) => {
      // What is gone is not asked for again.
      const gone = route.startsWith("DELETE ") && (ask.path as { id?: string } | undefined)?.id;
      if (gone) cache.removeQueries({ predicate: (query) => isAbout(query.queryKey, gone) });
      const nouns = [nounOf(route), ...alsoChanges];
      await Promise.all(nouns.map((noun) => cache.invalidateQueries({ queryKey: [noun] })));
    },
  });
}

/* After calls that no hook made. */
export function useRefresh() {
  const cache = useQueryClient();
  return async (...nouns: string[]) => {
    await Promise.all(nouns.map((noun) => cache.invalidateQueries({ queryKey: [noun] })));
  };
}
