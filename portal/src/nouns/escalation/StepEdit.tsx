/* StepEdit: one step of a chain in its form. */
import { Button, Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useText } from "@/text";
import { LookupMany } from "@/ui/Lookup";
import { MARKS, type Step } from "./model";
import classes from "./Steps.module.css";
import { useSets } from "./sets";

const WHO = ["assignee", "permission_set", "people"] as const;
const HOURS = ["always", "open", "closed"] as const;
const WAYS = ["portal", "mail", "webhook"] as const;

export function StepEdit({
  step,
  number,
  onChange,
  onRemove,
}: {
  step: Step;
  number: number;
  onChange: (step: Step) => void;
  onRemove?: () => void;
}) {
  const { t, field, value } = useText();
  const name = (member: string) => field(member, "escalation_chain");
  const set = (change: Partial<Step>) => onChange({ ...step, ...change });
  const words = (domain: string, of: readonly string[]) =>
    of.map((word) => ({ value: word, label: value(domain, word) }));
  return (
    <fieldset className={classes.edit} aria-label={t("escalation_chain.step", { number })}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          {t("escalation_chain.step", { number })}
        </Text>
        {onRemove && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>
            {t("escalation_chain.remove_step")}
          </Button>
        )}
      </Group>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={name("who")}
            data={words("escalation_who", WHO)}
            value={step.who}
            allowDeselect={false}
            onChange={(who) => who && set({ who: who as Step["who"] })}
          />
          <Whom step={step} set={set} label={name(step.who === "people" ? "people" : "set_key")} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={name("from_mark")}
            data={words("escalation_mark", MARKS)}
            value={String(step.from_mark ?? 50)}
            allowDeselect={false}
            onChange={(mark) => set({ from_mark: Number(mark) })}
          />
          <NumberInput
            label={name("delay_minutes")}
            min={0}
            max={1440}
            value={step.delay_minutes ?? 0}
            onChange={(minutes) => set({ delay_minutes: Number(minutes) || 0 })}
          />
          <Select
            label={name("hours")}
            data={words("escalation_hours", HOURS)}
            value={step.hours}
            allowDeselect={false}
            onChange={(hours) => hours && set({ hours: hours as Step["hours"] })}
          />
        </SimpleGrid>
        <Group>
          {WAYS.map((way) => (
            <Checkbox
              key={way}
              label={value("escalation_way", way)}
              checked={step[way] ?? false}
              onChange={(event) => set({ [way]: event.currentTarget.checked })}
            />
          ))}
        </Group>
      </Stack>
    </fieldset>
  );
}

function Whom({ step, set, label }: { step: Step; set: (change: Partial<Step>) => void; label: string }) {
  const sets = useSets();
  if (step.who === "permission_set") {
    return (
      <Select
        label={label}
        data={sets}
        value={step.set_key ?? null}
        allowDeselect={false}
        onChange={(key) => set({ set_key: key })}
      />
    );
  }
  if (step.who !== "people") return null;
  return (
    <LookupMany
      name="assignee_id"
      label={label}
      value={step.people ?? []}
      onChange={(people) => set({ people })}
    />
  );
}
