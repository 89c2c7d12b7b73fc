/* ChangeForm: other hours from a day on. What that would do is looked at first, then saved. */
import { Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Out } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { LookBar, SaveBar } from "@/ui/LookBar";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { Note } from "@/ui/Note";
import { Section } from "@/ui/Page";
import { useWhatIf, WhatIf } from "@/ui/WhatIf";
import { draftOf, sentOf, type Draft, type Version } from "./draft";
import { DraftForm } from "./DraftForm";
import { Refusal } from "./Refusal";

type Calendar = Out<"GET /business-calendars/{id}">;
const dayIn = (timeZone: string, ahead: number) =>
  new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date(Date.now() + ahead * 86_400_000));

const heldOn = (versions: Version[], day: string) =>
  versions.filter((one) => one.from_day <= day).at(-1) ?? versions[0];

export default function ChangeForm({ calendar, versions }: { calendar: Calendar; versions: Version[] }) {
  const { t } = useText();
  const go = useGo();
  const tomorrow = dayIn(calendar.time_zone, 1);
  const [fromDay, setFromDay] = useState(tomorrow);
  const [months, setMonths] = useState("3");
  const [draft, setDraft] = useState<Draft>(() => draftOf(heldOn(versions, tomorrow)!));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [seen, setSeen] = useState("");
  const whatIf = useWhatIf("POST /business-calendars/{id}/what-if", { id: calendar.id });
  const put = useVerb("POST /business-calendars/{id}/versions", ["tickets"]);
  const body = { from_day: fromDay, ...sentOf(draft) };
  const asked = JSON.stringify([body, months]);
  const isSeen = seen === asked && Boolean(whatIf.found?.isDone);
  const later = versions.filter((one) => one.from_day > fromDay);
  const look = () => {
    setProblem(null);
    setSeen(asked);
    void whatIf.look({ ...body, months: Number(months) });
  };
  const save = async () => {
    try {
      await put.mutateAsync({ path: { id: calendar.id }, body });
      notifyDone(t("calendar.saved", { day: fromDay }));
      await go(`/calendars/${calendar.id}`);
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <>
      <Section>
        <Stack gap="md">
          <TextInput
            type="date"
            label={t("calendar.from_day")}
            description={t("calendar.from_day_help")}
            required
            maw={320}
            min={tomorrow}
            value={fromDay}
            onChange={(event) => setFromDay(event.currentTarget.value)}
          />
          {later.length > 0 && (
            <Note tone="warn">{t("calendar.later", { days: later.map((one) => one.from_day).join(", ") })}</Note>
          )}
        </Stack>
      </Section>
      <DraftForm
        draft={draft}
        timeZone={calendar.time_zone}
        calendarId={calendar.id}
        fromDay={fromDay}
        onChange={setDraft}
      />
      <Section title={t("what_if.title")} lead={t("what_if.lead")}>
        <Stack gap="md">
          <LookBar months={months} onChange={setMonths} onLook={look} />
          {seen === asked && <WhatIf of={whatIf} />}
        </Stack>
      </Section>
      {problem && <Refusal problem={problem} />}
      <SaveBar
        onCancel={() => void go(`/calendars/${calendar.id}`)}
        onSave={() => void save()}
        isSaving={put.isPending}
        isReady={isSeen}
      />
    </>
  );
}
