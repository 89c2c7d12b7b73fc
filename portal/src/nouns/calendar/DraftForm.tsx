/* DraftForm: hours, holidays and named days together, with the year they would make. */
import { SegmentedControl, Stack, Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import { call } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { Section } from "@/ui/Page";
import { DaysEditor } from "./DaysEditor";
import { sentOf, type Draft } from "./draft";
import { HoursRow, WeekEditor } from "./WeekEditor";
import { YearView, type Year } from "./YearView";

export function DraftForm({
  draft,
  timeZone,
  calendarId,
  fromDay,
  onChange,
}: {
  draft: Draft;
  timeZone: string;
  calendarId?: string;
  fromDay?: string;
  onChange: (draft: Draft) => void;
}) {
  const { t } = useText();
  return (
    <>
      <Section title={t("calendar.hours")}>
        <WeekEditor draft={draft} onChange={onChange} />
      </Section>
      <Section title={t("calendar.days_off")} lead={t("calendar.days_off_lead")}>
        <Stack gap="md">
          <Switch
            label={t("calendar.japan")}
            description={t("calendar.japan_help")}
            checked={draft.holidays === "japan"}
            onChange={(event) =>
              onChange({ ...draft, holidays: event.currentTarget.checked ? "japan" : "none" })
            }
          />
          <DaysEditor draft={draft} timeZone={timeZone} onChange={onChange} />
          {draft.days.some((one) => one.open) && (
            <HoursRow
              label={t("calendar.opened_hours")}
              hours={draft.opened}
              onChange={(opened) => onChange({ ...draft, opened })}
            />
          )}
        </Stack>
      </Section>
      <Preview draft={draft} timeZone={timeZone} calendarId={calendarId} fromDay={fromDay} />
    </>
  );
}

const WAIT_MS = 500;

function Preview({
  draft,
  timeZone,
  calendarId,
  fromDay,
}: {
  draft: Draft;
  timeZone: string;
  calendarId?: string;
  fromDay?: string;
}) {
  const { t } = useText();
  const [year, setYear] = useState(new Date().getFullYear() + (new Date().getMonth() >= 9 ? 1 : 0));
  const [shown, setShown] = useState<Year | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = JSON.stringify([sentOf(draft), timeZone, calendarId, fromDay, year]);
  useEffect(() => {
    const stop = new AbortController();
    const body = calendarId
      ? { ...sentOf(draft), id: calendarId, year, from_day: fromDay || undefined }
      : { ...sentOf(draft), time_zone: timeZone, year };
    const timer = setTimeout(() => {
      call("POST /business-calendars/preview", { body, signal: stop.signal })
        .then((answer) => (setShown(answer), setProblem(null)))
        .catch((failure: unknown) => stop.signal.aborted || setProblem(asProblem(failure)));
    }, WAIT_MS);
    return () => (clearTimeout(timer), stop.abort());
  }, [asked]);
  return (
    <Section title={t("calendar.preview")} actions={<YearStepper year={year} onChange={setYear} />}>
      {problem ? (
        <Note tone="warn">{problem.fields.map((one) => one.message).join(" ") || problem.title}</Note>
      ) : (
        shown && <YearView year={shown} />
      )}
    </Section>
  );
}

export function YearStepper({ year, onChange }: { year: number; onChange: (year: number) => void }) {
  const now = new Date().getFullYear();
  const years = [now - 1, now, now + 1, now + 2];
  return (
    <SegmentedControl
      size="xs"
      data={years.map(String)}
      value={String(year)}
      onChange={(text) => onChange(Number(text))}
    />
  );
}
