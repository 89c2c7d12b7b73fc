/* FilterChoice: what stands in an opened filter; downloaded when the first one is opened. */
import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useText } from "@/text";
import { LookupMany } from "../Lookup";
import { PERIODS, type Filter } from "./model";

export default function FilterChoice({
  filter,
  label,
  value,
  onChange,
}: {
  filter: Filter;
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { value: word } = useText();
  const chosen = value ? value.split(",") : [];
  if (filter.kind === "lookup") {
    return (
      <LookupMany
        name={filter.field}
        label={label}
        value={chosen}
        onChange={(ids) => onChange(ids.join(","))}
      />
    );
  }
  if (filter.kind === "text") return <TextFilter label={label} value={value} onChange={onChange} />;
  if (filter.kind === "period") return <PeriodFilter value={value} onChange={onChange} />;
  return (
    <Checkbox.Group value={chosen} onChange={(words) => onChange(words.join(","))} label={label}>
      <Stack gap={8} mt={8}>
        {(filter.words ?? []).map((one) => (
          <Checkbox key={one} size="xs" value={one} label={word(filter.domain ?? filter.field, one)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function TextFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      size="xs"
      label={label}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
    />
  );
}

function PeriodFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText();
  const [from = "", until = ""] = value.includes("..") ? value.split("..") : [];
  const set = (start: string, end: string) => onChange(start || end ? `${start}..${end}` : "");
  return (
    <Stack gap="xs">
      <Group gap={4}>
        {Object.keys(PERIODS).map((one) => (
          <Button
            key={one}
            size="compact-xs"
            variant={value === one ? "filled" : "default"}
            onClick={() => onChange(one)}
          >
            {t(`period.${one}`)}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        {t("period.own")}
      </Text>
      <Group gap="xs" grow>
        <TextInput
          size="xs"
          type="date"
          label={t("period.from")}
          value={from}
          onChange={(event) => set(event.currentTarget.value, until)}
        />
        <TextInput
          size="xs"
          type="date"
          label={t("period.until")}
          value={until}
          onChange={(event) => set(from, event.currentTarget.value)}
        />
      </Group>
    </Stack>
  );
}
