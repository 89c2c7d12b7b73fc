/* time: instants as people read them, in the zone and language of the reader. */
import { useSyncExternalStore } from "react";
import { useSession } from "@/api/session";
import { useText, type Language } from "@/text";

/* One clock for the whole page. */
const TICK_MS = 30_000;
const watchers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(tell: () => void) {
  watchers.add(tell);
  timer ??= setInterval(() => {
    now = Date.now();
    watchers.forEach((one) => one());
  }, TICK_MS);
  return () => {
    watchers.delete(tell);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export const useNow = (): number => useSyncExternalStore(watch, () => now);

const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const LOCALES: Record<Language, string> = { ja: "ja-JP", en: "en-GB" };

export function relativeTime(at: number, from: number, language: Language, justNow: string): string {
  const seconds = Math.round((at - from) / 1000);
  const format = new Intl.RelativeTimeFormat(language, {
    numeric: "auto",
    style: language === "en" ? "short" : "long",
  });
  if (Math.abs(seconds) < 60) return justNow;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? format.format(Math.trunc(seconds / unit[1]), unit[0]) : justNow;
}

export function useClock() {
  const { person } = useSession();
  const { t, language } = useText();
  const timeZone = person?.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = (options: Intl.DateTimeFormatOptions) => (at: string | number) =>
    new Intl.DateTimeFormat(LOCALES[language], { timeZone, hourCycle: "h23", ...options }).format(
      new Date(at),
    );
  const day = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return {
    timeZone,
    exact: format({ ...day, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" }),
    dateTime: format({ ...day, hour: "2-digit", minute: "2-digit" }),
    seconds: format({ ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    date: format(day),
    relative: (at: string | number, from: number) =>
      relativeTime(new Date(at).getTime(), from, language, t("time.just_now")),
  };
}

export function useNumbers() {
  const { language } = useText();
  return (value: number) => new Intl.NumberFormat(LOCALES[language]).format(value);
}

/* Counts of GET /tickets/home go no further than this. */
const COUNTED_MOST = 1000;

export function useCounts() {
  const number = useNumbers();
  return (value: number) => (value < COUNTED_MOST ? number(value) : `${number(COUNTED_MOST - 1)}+`);
}
