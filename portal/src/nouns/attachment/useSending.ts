/* useSending: files on their way to the server, by tus: each can be paused, goes on after a broken connection, and
 * after a reload when the same file is chosen again. The client for it is downloaded with the first file. */
import { useEffect, useRef, useState } from "react";
import type { Upload } from "tus-js-client";
import { API, clientState } from "@/api/client";

export interface Sending {
  key: string;
  name: string;
  size: number;
  sent: number;
  state: "sending" | "paused" | "failed" | "done";
  problem?: string;
  attachmentId?: string;
}

interface Options {
  /** Below the API: /tickets/…/uploads */
  path: string;
  onDone?: (sending: Sending) => void;
}

const RETRIES_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];

export function useSending({ path, onDone }: Options) {
  const [items, setItems] = useState<Sending[]>([]);
  const uploads = useRef(new Map<string, Upload>());
  const done = useRef(onDone);
  done.current = onDone;

  const change = (key: string, to: Partial<Sending>) =>
    setItems((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)));

  const begin = async (item: Sending, file: File, metadata: Record<string, string>) => {
    const tus = await import("tus-js-client");
    const headers: Record<string, string> = {};
    if (clientState.language) headers["Accept-Language"] = clientState.language;
    let attachmentId: string | undefined;
    const upload = new tus.Upload(file, {
      endpoint: `${API}${path}`,
      headers,
      retryDelays: RETRIES_MS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type, ...metadata },
      // The same file into the same case goes on; into another one, or said to be something else, it begins anew.
      fingerprint: (one) => Promise.resolve(fingerprintOf(one as File, path, metadata)),
      onBeforeRequest: (request) => {
        if (clientState.csrfToken) request.setHeader("X-CSRF-Token", clientState.csrfToken);
      },
      onAfterResponse: (_request, response) => {
        attachmentId = response.getHeader("Upload-Attachment") ?? attachmentId;
      },
      onProgress: (sent) => change(item.key, { sent }),
      onSuccess: () => {
        uploads.current.delete(item.key);
        change(item.key, { state: "done", sent: file.size, attachmentId });
        done.current?.({ ...item, state: "done", attachmentId });
      },
      onError: (error) => change(item.key, { state: "failed", problem: reasonOf(error) }),
    });
    uploads.current.set(item.key, upload);
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
    upload.start();
  };

  const add = (files: Iterable<File>, metadata: Record<string, string> = {}) => {
    for (const file of files) {
      const item: Sending = {
        key: crypto.randomUUID(),
        name: file.name,
        size: file.size,
        sent: 0,
        state: "sending",
      };
      setItems((all) => [...all, item]);
      begin(item, file, metadata).catch(() => change(item.key, { state: "failed" }));
    }
  };

  const pause = (key: string) => {
    void uploads.current.get(key)?.abort();
    change(key, { state: "paused" });
  };
  const resume = (key: string) => {
    change(key, { state: "sending", problem: undefined });
    uploads.current.get(key)?.start();
  };
  const drop = (key: string) => {
    void uploads.current
      .get(key)
      ?.abort(true)
      .catch(() => undefined);
    uploads.current.delete(key);
    setItems((all) => all.filter((one) => one.key !== key));
  };
  const forget = () => setItems((all) => all.filter((one) => one.state !== "done"));

  const isBusy = items.some((one) => one.state === "sending");
  useStayWhile(isBusy);
  return { items, add, pause, resume, drop, forget, isBusy };
}

const fingerprintOf = (file: File, path: string, metadata: Record<string, string>) =>
  ["yagura", path, file.name, file.size, file.lastModified, JSON.stringify(metadata)].join(" ");

/* What the server says in the reader's language; else nothing, and the page has a sentence of its own. */
function reasonOf(error: unknown): string | undefined {
  const body = (
    error as { originalResponse?: { getBody: () => string } | null }
  ).originalResponse?.getBody();
  try {
    return (JSON.parse(body ?? "") as { title?: string }).title;
  } catch {
    return undefined;
  }
}

function useStayWhile(isBusy: boolean) {
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isBusy]);
}
