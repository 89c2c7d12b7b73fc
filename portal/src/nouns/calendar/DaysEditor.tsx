/* DaysEditor: days that are closed or opened by name, one by one or out of a calendar file. */
import { ActionIcon, Button, FileButton, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { call, type Out } from "@/api/client";
import { useText } from "@/text";
import { IconPlus, IconTrash } from "@/ui/icons";
import { Note } from "@/ui/Note";
import { notifyProblem } from "@/ui/notify";
import type { Draft, Named } from "./draft";
import classes from "./Editor.module.css";

type Found = Out<"POST /business-calendars/read-ical">;

export function DaysEditor({
  draft,
  timeZone,
  onChange,
}: {
  draft: Draft;
  timeZone: string;
  onChange: (draft: Draft) => void;
}) {
  const { t } = useText();
  const [found, setFound] = useState<Found | null>(null);
  const set = (index: number, change: Partial<Named>) =>
    onChange({ ...draft, days: draft.days.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  const read = async (file: File | null) => {
    if (!file) return;
    const year = new Date().getFullYear();
    try {
      const body = { file: await file.text(), time_zone: timeZone, first_year: year, last_year: year + 10 };
      setFound(await call("POST /business-calendars/read-ical", { body }));
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  const take = () => {
    const known = new Set(draft.days.map((one) => one.day));
    const more = (found?.days ?? [])
      .filter((one) => !known.has(one.day))
      .map((one) => ({ day: one.day, open: false, name: one.name ?? "" }));
    onChange({ ...draft, days: [...draft.days, ...more].sort((a, b) => (a.day < b.day ? -1 : 1)) });
    setFound(null);
  };
  return (
    <Stack gap="sm">
      <div className={classes.days}>
        {draft.days.map((one, index) => (
          <DayRow
            key={index}
            day={one}
            onChange={(change) => set(index, change)}
            onRemove={() => onChange({ ...draft, days: draft.days.filter((_, at) => at !== index) })}
          />
        ))}
      </div>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange({ ...draft, days: [...draft.days, { day: "", open: false, name: "" }] })}
        >
          {t("calendar.add_day")}
        </Button>
        <FileButton onChange={(file) => void read(file)} accept=".ics,text/calendar">
          {(props) => (
            <Button size="xs" variant="default" {...props}>
              {t("calendar.import")}
            </Button>
          )}
        </FileButton>
      </Group>
      {found && <FoundDays found={found} onTake={take} onDrop={() => setFound(null)} />}
    </Stack>
  );
}

function DayRow({
  day,
  onChange,
  onRemove,
}: {
  day: Named;
  onChange: (change: Partial<Named>) => void;
  onRemove: () => void;
}) {
  const { t, value } = useText();
  return (
    <div className={classes.row}>
      <TextInput
        type="date"
        size="xs"
        aria-label={t("calendar.day")}
        value={day.day}
        onChange={(event) => onChange({ day: event.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("calendar.day_kind")}
        data={["closed", "opened"].map((kind) => ({ value: kind, label: value("day_kind", kind) }))}
        value={day.open ? "opened" : "closed"}
        onChange={(kind) => onChange({ open: kind === "opened" })}
      />
      <TextInput
        size="xs"
        style={{ flex: "1 1 160px" }}
        maxLength={100}
        aria-label={t("calendar.day_name")}
        placeholder={t("calendar.day_name")}
        value={day.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={t("calendar.remove_day")} onClick={onRemove}>
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
    </div>
  );
}

/* What the file says, before anything is taken from it. */
function FoundDays({ found, onTake, onDrop }: { found: Found; onTake: () => void; onDrop: () => void }) {
  const { t } = useText();
  const days = found.days ?? [];
  const refusals = found.refusals ?? [];
  return (
    <Stack gap="xs" className={classes.found}>
      <Text fw={600} size="sm">
        {t("calendar.found", { count: days.length })}
      </Text>
      <Text size="sm">{days.map((one) => `${one.day} ${one.name ?? ""}`).join(", ")}</Text>
      {refusals.length > 0 && (
        <Note tone="warn" title={t("calendar.refused", { count: refusals.length })}>
          {refusals.map((one) => (
            <div key={one.line}>{t("calendar.refused_line", { line: one.line, reason: one.reason })}</div>
          ))}
        </Note>
      )}
      <Group gap="xs">
        <Button size="xs" disabled={days.length === 0} onClick={onTake}>
          {t("calendar.take")}
        </Button>
        <Button size="xs" variant="default" onClick={onDrop}>
          {t("action.cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
