/* draft: hours of a week as a person edits them, and as the server takes them. */
import type { Body, Out } from "@/api/client";

export type Version = NonNullable<Out<"GET /business-calendars/{id}/versions">["items"]>[number];
export interface Hours {
  from: string; // 09:00
  to: string; // 24:00 is midnight
}
export interface Named {
  day: string;
  open: boolean;
  name: string;
}
export interface Draft {
  week: Hours[][]; // Monday first
  opened: Hours[]; // of days that are opened by name
  days: Named[];
  holidays: "japan" | "none";
}

const two = (n: number) => String(n).padStart(2, "0");
const clock = (s: number) => `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}`;
/* A browser's time field knows no 24:00: midnight at the end of a day is written 00:00 there. */
const seconds = (text: string, isEnd: boolean) => {
  const [hours, minutes] = text.split(":").map(Number);
  const sum = (hours ?? 0) * 3600 + (minutes ?? 0) * 60;
  return isEnd && sum === 0 ? 86_400 : sum;
};
const shown = (s: number) => (s === 86_400 ? "00:00" : clock(s));

export const OFFICE: Hours[] = [{ from: "09:00", to: "17:30" }];

export const newDraft = (): Draft => ({
  week: [OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, [], []],
  opened: OFFICE,
  days: [],
  holidays: "japan",
});

export function draftOf(version: Version): Draft {
  const hours = (list: Version["windows"]) =>
    (list ?? []).map((one) => ({ from: clock(one.from_s), to: shown(one.to_s), weekday: one.weekday }));
  const windows = hours(version.windows);
  return {
    week: Array.from({ length: 7 }, (_, day) => windows.filter((one) => one.weekday === day)),
    opened: hours(version.exception_windows),
    days: (version.exceptions ?? []).map((one) => ({ day: one.day, open: one.open, name: one.name ?? "" })),
    holidays: version.holidays === "japan" ? "japan" : "none",
  };
}

type Sent = Pick<
  Body<"POST /business-calendars/{id}/versions">,
  "windows" | "exception_windows" | "exceptions" | "holidays"
>;

export const sentOf = (draft: Draft): Sent => ({
  windows: draft.week.flatMap((list, weekday) =>
    list.map((one) => ({ weekday, from_s: seconds(one.from, false), to_s: seconds(one.to, true) })),
  ),
  exception_windows: draft.opened.map((one) => ({
    weekday: 0,
    from_s: seconds(one.from, false),
    to_s: seconds(one.to, true),
  })),
  exceptions: draft.days
    .filter((one) => one.day)
    .map((one) => ({ day: one.day, open: one.open, name: one.name || undefined })),
  holidays: draft.holidays,
});

/* Monday to Friday 09:00–17:30, as short as it can be said. */
export function weekText(version: Version, weekday: (day: number) => string): string {
  const { week } = draftOf(version);
  const text = week.map((list) => list.map((one) => `${one.from}–${one.to === "00:00" ? "24:00" : one.to}`).join(" "));
  const runs: Array<{ first: number; last: number; hours: string }> = [];
  text.forEach((hours, day) => {
    const run = runs.at(-1);
    if (run && run.hours === hours) run.last = day;
    else runs.push({ first: day, last: day, hours });
  });
  return runs
    .filter((run) => run.hours)
    .map((run) =>
      run.first === run.last
        ? `${weekday(run.first)} ${run.hours}`
        : `${weekday(run.first)}–${weekday(run.last)} ${run.hours}`,
    )
    .join(", ");
}
