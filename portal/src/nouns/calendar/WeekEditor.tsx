/* WeekEditor: the hours of each weekday, as many windows as there are. */
import { ActionIcon, Button, Text, TextInput } from "@mantine/core";
import { useText } from "@/text";
import { IconPlus, IconX } from "@/ui/icons";
import { OFFICE, type Draft, type Hours } from "./draft";
import classes from "./Editor.module.css";

export function WeekEditor({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t, value } = useText();
  const setDay = (day: number, hours: Hours[]) =>
    onChange({ ...draft, week: draft.week.map((list, index) => (index === day ? hours : list)) });
  const likeMonday = () =>
    onChange({ ...draft, week: draft.week.map((list, day) => (day < 5 ? draft.week[0]! : list)) });
  return (
    <div className={classes.week}>
      {draft.week.map((hours, day) => (
        <HoursRow
          key={day}
          label={value("weekday", String(day))}
          hours={hours}
          onChange={(list) => setDay(day, list)}
        />
      ))}
      <div>
        <Button size="xs" variant="default" onClick={likeMonday}>
          {t("calendar.like_monday")}
        </Button>
      </div>
    </div>
  );
}

export function HoursRow({
  label,
  hours,
  onChange,
}: {
  label: string;
  hours: Hours[];
  onChange: (hours: Hours[]) => void;
}) {
  const { t } = useText();
  const set = (index: number, change: Partial<Hours>) =>
    onChange(hours.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <div className={classes.row} role="group" aria-label={label}>
      <span className={classes.label}>{label}</span>
      {hours.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("calendar.closed_all_day")}
        </Text>
      )}
      {hours.map((one, index) => (
        <span key={index} className={classes.hours}>
          <TextInput
            type="time"
            size="xs"
            aria-label={t("calendar.opens", { day: label })}
            value={one.from}
            onChange={(event) => set(index, { from: event.currentTarget.value })}
          />
          {"–"}
          <TextInput
            type="time"
            size="xs"
            aria-label={t("calendar.closes", { day: label })}
            value={one.to}
            onChange={(event) => set(index, { to: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("calendar.remove_hours", { day: label })}
            onClick={() => onChange(hours.filter((_, at) => at !== index))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </span>
      ))}
      <ActionIcon
        variant="subtle"
        aria-label={t("calendar.add_hours", { day: label })}
        onClick={() => onChange([...hours, hours.length ? { from: "", to: "" } : OFFICE[0]!])}
      >
        <IconPlus size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
