/* clock-times: durations as people say them, and the parts of a promise's bar. */
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { useClock } from "./time";

export type PromiseView = NonNullable<Out<"GET /tickets/{id}/clocks">["items"]>[number];
export type PromiseLine = NonNullable<PromiseView["lines"]>[number];

/* The two greatest units: 1 h 12 min, 3 d 4 h. Less than a minute is said as such. */
export function useDuration() {
  const { t, language } = useText();
  return (seconds: number): string => {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    if (minutes < 1) return t("clock.under_a_minute");
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
    const said = [
      days && t("clock.days", { n: days }),
      hours && t("clock.hours", { n: hours }),
      !days && rest && t("clock.minutes", { n: rest }),
    ];
    return said.filter(Boolean).join(language === "ja" ? "" : " ");
  };
}

/* What was promised, as the contract says it: two hours, one business day. */
export function useGoal() {
  const { t } = useText();
  const duration = useDuration();
  return (line: PromiseLine | undefined): string => {
    if (!line?.pace || line.allowance === null) return "";
    if (line.pace === "business_days") return t("clock.goal_days", { n: line.allowance });
    return t(line.pace === "business_time" ? "clock.goal_business" : "clock.goal", { time: duration(line.allowance) });
  };
}

/* A day and a minute in the reader's zone: short enough for the ends of a bar. */
export function useShortTime() {
  const { language } = useText();
  const { timeZone } = useClock();
  const format = new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
    timeZone,
    month: language === "ja" ? "numeric" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at: string | number) => format.format(new Date(at));
}

export type Urgency = "calm" | "soon" | "late";

/* The last quarter is near; after the end it is late. */
export const urgencyOf = (remaining: number, allowance: number): Urgency =>
  remaining < 0 ? "late" : remaining < allowance / 4 ? "soon" : "calm";

export interface Part {
  kind: "run" | "late" | "paused" | "out_of_hours" | "left";
  start: number;
  end: number;
  line?: PromiseLine;
}

/* Every minute since the start in one part; what ran beyond the allowance is told apart, and what is left until the
 * deadline follows. */
export function partsOf(view: PromiseView): Part[] {
  const lines = new Map((view.lines ?? []).map((line) => [line.seq, line]));
  const parts: Part[] = [];
  let left = view.allowance_s * 1000;
  for (const segment of view.segments ?? []) {
    const [start, end] = [Date.parse(segment.start_at), Date.parse(segment.end_at)];
    const line = lines.get(segment.seq);
    if (segment.kind !== "run") {
      parts.push({ kind: segment.kind as Part["kind"], start, end, line });
      continue;
    }
    const turn = Math.min(end, start + Math.max(left, 0));
    if (turn > start) parts.push({ kind: "run", start, end: turn, line });
    if (end > turn) parts.push({ kind: "late", start: turn, end, line });
    left -= end - start;
  }
  const last = parts.at(-1)?.end ?? Date.parse(view.started_at);
  const due = view.state === "running" && view.due_at ? Date.parse(view.due_at) : 0;
  if (due > last) parts.push({ kind: "left", start: last, end: due });
  return parts;
}

/** The line of the ledger that says what is promised now. */
export const targetOf = (view: PromiseView) => (view.lines ?? []).findLast((line) => line.pace !== null);
