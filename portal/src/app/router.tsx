/* router: made from the table of pages. Search parameters are plain words, so that a filtered list is a link a
 * colleague can read. */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { mayDo, sessionOptions, stageOf, type Session } from "@/api/session";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { doors } from "./doors";
import { pages, type PageRow } from "./pages";

interface Context {
  cache: QueryClient;
}

type Words = Record<string, string>;

const readWords = (search: string): Words => Object.fromEntries(new URLSearchParams(search));
const writeWords = (search: Record<string, unknown>): string => {
  const kept = Object.entries(search).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : "";
};

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  validateSearch: (search): Words => search as Words,
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: async ({ context, location }) => {
    const session = await context.cache.query(sessionOptions);
    if (stageOf(session) !== "complete") {
      const back = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { back } as never });
    }
  },
  component: lazyRouteComponent(() => import("./Shell")),
});

export const mayOpen = (session: Session | undefined, row: PageRow): boolean =>
  mayDo(session, row.needs) && (!row.side || (row.side === "provider") === (session?.side === "provider"));

const ofPage = (row: PageRow) =>
  createRoute({
    getParentRoute: () => frame,
    path: row.path,
    staticData: { page: row },
    component: lazyRouteComponent(row.load),
  });

const ofDoor = (row: PageRow) =>
  createRoute({
    getParentRoute: () => root,
    path: row.path,
    staticData: { page: row },
    component: lazyRouteComponent(row.load),
  });

const tree = root.addChildren([frame.addChildren(pages.map(ofPage)), ...doors.map(ofDoor)]);

export const makeRouter = (cache: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { cache },
    defaultPreload: "intent",
    defaultPendingMs: 300,
    defaultPendingComponent: LoadingState,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    defaultNotFoundComponent: () => <ErrorState notFound />,
    parseSearch: (text) => readWords(text.replace(/^\?/, "")),
    stringifySearch: writeWords,
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    page?: PageRow;
  }
}
