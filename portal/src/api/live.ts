/* live: what changed on the server, as it happens.
 *
 * One tab of a browser holds the stream (a browser allows six connections to a host, and somebody opens ten tabs);
 * a lock decides which, the others hear from it over a broadcast channel. The stream is read with fetch and not
 * with EventSource because its events carry names nobody can list beforehand. After a break it resumes from the
 * last event seen, so nothing is missed.
 */
import { API } from "./client";

export interface Change {
  noun: string;
  verb: string;
  object_id: string;
  tenant_id: string;
  at: string;
}

type Listener = (change: Change) => void;

const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("yagura.changes");
let resumeToken = "";

export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (change: Change) => listeners.forEach((listener) => listener(change));

if (channel) {
  channel.onmessage = (message: MessageEvent<{ change: Change; token: string }>) => {
    resumeToken = message.data.token;
    tell(message.data.change);
  };
}

export function startLive(): () => void {
  const stop = new AbortController();
  const run = () => readForEver(stop.signal);
  if (navigator.locks) {
    navigator.locks.request("yagura.stream", { signal: stop.signal }, run).catch(() => undefined);
  } else {
    void run();
  }
  return () => stop.abort();
}

/* Somebody who only passes by opens no stream. */
const SETTLED_MS = 1500;

async function readForEver(signal: AbortSignal) {
  await pause(SETTLED_MS, signal);
  let pauseMs = 1000;
  while (!signal.aborted) {
    const startedAt = Date.now();
    const goesOn = await readOnce(signal).catch(() => true);
    if (!goesOn) return;
    // A stream that lived for a while broke by accident; one that ends at once is refused: come back more slowly.
    pauseMs = Date.now() - startedAt > 30_000 ? 1000 : Math.min(pauseMs * 2, 60_000);
    await pause(pauseMs * (0.5 + Math.random()), signal);
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

async function readOnce(signal: AbortSignal): Promise<boolean> {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (resumeToken) headers["Last-Event-ID"] = resumeToken;
  const answer = await fetch(`${API}/stream`, { headers, signal, cache: "no-store" });
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) return false;
  if (answer.status === 410) resumeToken = "";
  if (!answer.ok || !answer.body) return true;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  document.documentElement.dataset.live = "on"; // whoever looks from outside can see that news arrive
  try {
    return await readEvents(reader);
  } finally {
    delete document.documentElement.dataset.live;
  }
}

async function readEvents(reader: ReadableStreamDefaultReader<string>): Promise<true> {
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    events.forEach(takeEvent);
  }
}

function takeEvent(text: string) {
  const data: string[] = [];
  let token = "";
  let event = "";
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value ?? "");
    if (name === "id") token = value ?? "";
    if (name === "event") event = value ?? "";
  }
  if (token) resumeToken = token;
  if (data.length === 0) return;
  const change = event === "reset" ? EVERYTHING : readChange(data.join("\n"));
  if (!change) return;
  channel?.postMessage({ change, token: resumeToken });
  tell(change);
}

function readChange(text: string): Change | null {
  try {
    const change = JSON.parse(text) as Change;
    return change.noun ? change : null;
  } catch {
    return null;
  }
}

/* Too much was missed to be told: whatever is shown must be asked for anew. */
const EVERYTHING: Change = { noun: "*", verb: "reset", object_id: "", tenant_id: "", at: "" };

/* The noun of a change as the first word of the routes that show it. */
const PATHS: Record<string, string[]> = {
  person: ["people"],
  session: ["sessions", "people", "me"],
  api_key: ["api-keys", "me"],
  job: ["jobs", "platform"],
  audit_entry: ["audit"],
  ticket_note: ["tickets", "attachments"],
  attachment: ["attachments", "tickets"],
  upload_link: ["upload-links", "tickets"],
  detection: ["detections", "detection-heaps", "computers", "dashboard"],
  incident: ["incidents", "dashboard"],
  incident_note: ["incidents"],
  computer: ["computers", "computer-groups", "dashboard"],
  computer_group: ["computer-groups", "computers"],
  reputation_answer: ["reputation-answers", "reputation-sources", "executables"],
  rule: ["rules", "rule-settings"],
  escalation: ["tickets"],
  notice: ["notices", "me"],
};
export const pathsOfNoun = (noun: string): string[] => PATHS[noun] ?? [`${noun.replaceAll("_", "-")}s`];
