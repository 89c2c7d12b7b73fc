/* nav: the address bar as plain words. The route tree comes from a table, so the router cannot type each path; this
 * small surface is what pages use instead of it. */
import { useNavigate, useParams, useRouterState, useSearch } from "@tanstack/react-router";

export type Words = Record<string, string | undefined>;

export function useGo() {
  const navigate = useNavigate();
  return (to: string, search?: Words, replace = false) => {
    const [path, inline] = to.split("?");
    const words = search ?? Object.fromEntries(new URLSearchParams(inline ?? ""));
    return navigate({ to: path, search: words, replace } as never);
  };
}

/** The words of the address, and a way to change some of them in place. */
export function useWords(): [Words, (change: Words, push?: boolean) => void] {
  const words = useSearch({ strict: false }) as Words;
  const navigate = useNavigate();
  const change = (some: Words, push = false) =>
    void navigate({ search: (now: Words) => ({ ...now, ...some }), replace: !push, to: "." } as never);
  return [words, change];
}

export const useParam = (name: string): string =>
  (useParams({ strict: false }) as Record<string, string>)[name] ?? "";

export const usePathname = (): string => useRouterState({ select: (state) => state.location.pathname });
