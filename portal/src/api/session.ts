/* session: who is signed in, how far the sign-in has come, and what the person may do. */
import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { call, clientState, type Out } from "./client";
import type { Problem } from "./problem";

export type Session = Out<"GET /session">;
export type Stage = "anonymous" | "totp_enrolment" | "totp" | "password" | "complete";

export const sessionOptions = queryOptions<Session, Problem>({
  queryKey: ["session"],
  queryFn: async () => {
    const session = await call("GET /session");
    clientState.csrfToken = session.csrf_token ?? "";
    return session;
  },
  staleTime: 5 * 60_000,
});

export const stageOf = (session: Session | undefined): Stage =>
  (session?.stage as Stage | null) ?? "anonymous";

const LEVELS = ["read", "use", "write"];

/* "people:write" holds whoever may read, too. */
export function mayDo(session: Session | undefined, needed: string | undefined): boolean {
  if (!needed) return true;
  const [part, level] = needed.split(":");
  return (session?.permissions ?? []).some((granted) => {
    const [grantedPart, grantedLevel] = granted.split(":");
    return grantedPart === part && LEVELS.indexOf(grantedLevel ?? "") >= LEVELS.indexOf(level ?? "read");
  });
}

export function useSession() {
  const { data: session } = useQuery(sessionOptions);
  return {
    session,
    stage: stageOf(session),
    person: session?.person ?? null,
    /** Where the person stands: at home, or in the customer whose view they have taken. */
    tenant: session?.acting_tenant ?? session?.tenant ?? null,
    isProvider: session?.side === "provider" && !session.acting_tenant,
    may: (needed?: string) => mayDo(session, needed),
  };
}

export function useKeepSession() {
  const cache = useQueryClient();
  return (session: Session) => keepSession(cache, session);
}

export function keepSession(cache: QueryClient, session: Session) {
  clientState.csrfToken = session.csrf_token ?? "";
  cache.setQueryData(sessionOptions.queryKey, session);
}

/* The customer whose rows an engineer wants to see; empty is all of them. Kept per tab, so that two customers can
 * stand side by side in two windows. */
const TENANT_KEY = "yagura.tenant";
clientState.tenantId = sessionStorage.getItem(TENANT_KEY) ?? "";

export function chooseTenant(cache: QueryClient, tenantId: string) {
  clientState.tenantId = tenantId;
  if (tenantId) sessionStorage.setItem(TENANT_KEY, tenantId);
  else sessionStorage.removeItem(TENANT_KEY);
  void cache.invalidateQueries();
}

/* Another person's eyes, or no longer: nothing read before may stay on the screen. */
export function changeEyes(cache: QueryClient, session: Session) {
  keepSession(cache, session);
  void cache.resetQueries({ predicate: (query) => query.queryKey[0] !== "session" });
}

export async function signOut(cache: QueryClient) {
  await call("POST /sign-out");
  sessionStorage.removeItem(TENANT_KEY);
  clientState.tenantId = "";
  cache.clear();
}
