/* client: the one way to the server.
 *
 * A route is named as the server names it, "POST /people/{id}/disable"; path, query, body and answer are typed by
 * the generated table. The client adds what every call needs: the CSRF token of the session, the customer chosen in
 * the switcher, an Idempotency-Key per write (the same one when the write is repeated after a lost answer), and
 * If-Match when the caller tells the version it has seen. A refusal that asks for a fresh second factor is put to
 * the person, and the call repeated when they have proven it.
 */
import { Problem, problemOf } from "./problem";
import type { Routes } from "./generated/routes";

export type Route = keyof Routes;
export type Out<R extends Route> = Routes[R]["out"];
export type Body<R extends Route> = Routes[R]["body"];
export type Listing = { [R in Route]: Out<R> extends { items: unknown[] } ? R : never }[Route];
export type Item<R extends Route> = Out<R> extends { items: Array<infer T> } ? T : never;

export type SortOf<R extends Route> = Routes[R]["sort"] | `-${Routes[R]["sort"]}`;
export type FilterOf<R extends Route> = Routes[R]["filter"];

export interface Ask<R extends Route> {
  path?: Routes[R]["path"];
  query?: Record<string, unknown>;
  body?: Body<R>;
  version?: number;
  signal?: AbortSignal;
}

/* What the session tells the client; set by the session query, read by every call. */
export const clientState = {
  csrfToken: "",
  tenantId: "",
  language: "",
  askFreshFactor: undefined as undefined | (() => Promise<boolean>),
  onSignedOut: undefined as undefined | (() => void),
};

export const API = "/api/v1";

function pathOf(route: string, path: Record<string, unknown>): string {
  return route
    .slice(route.indexOf(" ") + 1)
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
}

export function queryOf(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

function headersOf(
  method: string,
  ask: { body?: unknown; version?: number },
  key: string,
): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (clientState.language) headers["Accept-Language"] = clientState.language;
  if (clientState.tenantId) headers["X-Yagura-Tenant"] = clientState.tenantId;
  if (ask.version !== undefined) headers["If-Match"] = `"${ask.version}"`;
  if (method !== "GET") {
    headers["X-CSRF-Token"] = clientState.csrfToken;
    headers["Idempotency-Key"] = key;
    if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  }
  return headers;
}

async function send(url: string, init: RequestInit, isRepeatable: boolean): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    if (isRepeatable) return send(url, init, false);
    throw new Problem(0, {});
  }
}

export async function call<R extends Route>(route: R, ask: Ask<R> = {}): Promise<Out<R>> {
  const method = route.slice(0, route.indexOf(" "));
  const url = API + pathOf(route, ask.path ?? {}) + queryOf(ask.query);
  const headers = headersOf(method, ask, crypto.randomUUID());
  // What is my own does not depend on whom I look at.
  if (route.includes(" /me/")) delete headers["X-Yagura-Tenant"];
  const init: RequestInit = {
    method,
    headers,
    body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
    credentials: "same-origin",
    signal: ask.signal,
  };
  const answer = await send(url, init, true);
  if (answer.ok) return (await readJson(answer)) as Out<R>;
  const problem = await problemOf(answer);
  if (isFreshFactorAsked(problem) && (await clientState.askFreshFactor?.())) return call(route, ask);
  if (problem.status === 401 && !route.includes("/sign-in") && route !== "GET /session")
    clientState.onSignedOut?.();
  throw problem;
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}

const isFreshFactorAsked = (problem: Problem) => problem.status === 403 && problem.code.includes("fresh");

/* The same listing as a file, every page of it, in the reader's browser. */
export async function download(
  route: Listing,
  ask: { path?: Record<string, unknown>; query?: Record<string, unknown> },
): Promise<Blob> {
  const ids = ask.query?.id;
  if (!Array.isArray(ids) || ids.length <= IDS_AT_ONCE) return csvOf(route, ask);
  const first = await csvOf(route, { ...ask, query: { ...ask.query, id: ids.slice(0, IDS_AT_ONCE) } });
  const rest = await download(route, { ...ask, query: { ...ask.query, id: ids.slice(IDS_AT_ONCE) } });
  const text = await rest.text();
  return new Blob([first, text.slice(text.indexOf("\n") + 1)], { type: first.type });
}

async function csvOf(route: Listing, ask: Parameters<typeof download>[1]) {
  const headers = { ...headersOf("GET", {}, ""), Accept: "text/csv" };
  const answer = await fetch(API + pathOf(route, ask.path ?? {}) + queryOf(ask.query), { headers });
  if (!answer.ok) throw await problemOf(answer);
  return answer.blob();
}

/* As many as one address line carries. */
const IDS_AT_ONCE = 150;
