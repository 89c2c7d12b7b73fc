/* notify: a short word in the corner after something was done, or could not be. Toasts.tsx shows them. */
import { asProblem } from "@/api/problem";

export interface Note {
  id: number;
  tone: "ok" | "bad";
  title?: string;
  message: string;
}

const STAYS_MS = { ok: 5000, bad: 12_000 };
const listeners = new Set<() => void>();
let notes: Note[] = [];
let lastId = 0;

function set(next: Note[]) {
  notes = next;
  listeners.forEach((tell) => tell());
}

export const noteStore = {
  subscribe(tell: () => void) {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  read: () => notes,
  remove: (id: number) => set(notes.filter((note) => note.id !== id)),
};

function show(note: Omit<Note, "id">) {
  lastId += 1;
  const id = lastId;
  set([...notes.slice(-3), { ...note, id }]);
  setTimeout(() => noteStore.remove(id), STAYS_MS[note.tone]);
}

export const notifyDone = (message: string) => show({ tone: "ok", message });

export function notifyProblem(error: unknown, fallback: string) {
  const problem = asProblem(error);
  const message = [problem.detail, problem.requestId].filter(Boolean).join(" · ");
  show({ tone: "bad", title: problem.title || fallback, message });
}
