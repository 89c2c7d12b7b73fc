/* YearView: a year on the wall. Colour says at a glance what a day is; the days with a name stand below in words. */
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { useNumbers } from "@/ui/time";
import classes from "./YearView.module.css";

export type Year = Out<"GET /business-calendars/{id}/year">;
type Day = NonNullable<Year["days"]>[number];

const KINDS = ["open", "off", "holiday", "closed", "opened"] as const;
const NAMED = ["holiday", "closed", "opened"];
const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);

export function YearView({ year }: { year: Year }) {
  const { t, value, language } = useText();
  const number = useNumbers();
  const days = year.days ?? [];
  const months = Array.from({ length: 12 }, (_, month) =>
    days.filter((day) => dateOf(day.day).getUTCMonth() === month),
  );
  const used = new Set(days.map((day) => day.kind));
  return (
    <div>
      <ul className={classes.legend}>
        {KINDS.filter((kind) => used.has(kind)).map((kind) => (
          <li key={kind}>
            <span className={classes.day} data-kind={kind} aria-hidden>
              {1}
            </span>
            {value("day_kind", kind)}
          </li>
        ))}
        <li>
          {t("calendar.year_sum", {
            days: number(year.open_days),
            hours: number(Math.round(year.open_minutes / 60)),
          })}
        </li>
      </ul>
      <div className={classes.months}>
        {months.map((month) => (
          <Month key={month[0]?.day} days={month} language={language} />
        ))}
      </div>
      <NamedDays days={days.filter((day) => NAMED.includes(day.kind ?? "") || day.changes)} />
    </div>
  );
}

function Month({ days, language }: { days: Day[]; language: string }) {
  const { value, t } = useText();
  const first = dateOf(days[0]!.day);
  const name = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" });
  const lead = (first.getUTCDay() + 6) % 7;
  const told = (day: Day) =>
    [day.day, value("day_kind", day.kind), day.name, day.hours, day.changes ? t("calendar.changes_here") : ""]
      .filter(Boolean)
      .join(" · ");
  return (
    <section className={classes.month} aria-label={name.format(first)}>
      <h3>{name.format(first)}</h3>
      <div className={classes.grid}>
        {Array.from({ length: 7 }, (_, index) => (
          <span key={index} className={classes.weekday} aria-hidden>
            {weekday.format(new Date(Date.UTC(2024, 0, 1 + index)))}
          </span>
        ))}
        {Array.from({ length: lead }, (_, index) => (
          <span key={`before-${index}`} />
        ))}
        {days.map((day) => (
          <span
            key={day.day}
            className={classes.day}
            data-kind={day.kind}
            data-changes={day.changes || undefined}
            title={told(day)}
          >
            {dateOf(day.day).getUTCDate()}
          </span>
        ))}
      </div>
    </section>
  );
}

function NamedDays({ days }: { days: Day[] }) {
  const { value, language, t } = useText();
  const format = new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
    month: "short",
    day: "numeric",
    weekday: "short",
    timeZone: "UTC",
  });
  if (days.length === 0) return null;
  return (
    <ul className={classes.named}>
      {days.map((day) => (
        <li key={day.day}>
          <time dateTime={day.day}>{format.format(dateOf(day.day))}</time>
          <span>
            <b data-kind={day.kind}>{day.name || value("day_kind", day.kind)}</b>
            {day.kind === "opened" && ` ${day.hours}`}
            {day.changes && ` · ${t("calendar.changes_here")}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
