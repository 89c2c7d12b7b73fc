/* Lookup: a field that names other objects (a customer, permission sets, a person): type some letters, choose. */
import { MultiSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useText } from "@/text";
import { useOptions, type Option } from "./options";

interface LookupProps {
  name: string;
  label?: string;
  description?: string;
  error?: string;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  query?: Record<string, unknown>;
  /** What is chosen already and may stand outside the first page of options. */
  known?: Option[];
}

const withKnown = (options: Option[], known: Option[] = []) => [
  ...options,
  ...known.filter((one) => !options.some((option) => option.value === one.value)),
];

export function LookupOne({
  name,
  value,
  onChange,
  known,
  query,
  ...rest
}: LookupProps & {
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  const labels = useRef(new Map<string, string>());
  // When the box shows the label of what is chosen, that is no search.
  const isLabel = (text: string) => labels.current.get(value ?? "") === text;
  const { options, isFetched } = useOptions(name, isLabel(q) ? "" : q, query);
  // The box shows the label of its value only when it knew the options from the start.
  const isReady = useRef(false);
  isReady.current ||= isFetched;
  withKnown(options, known).forEach((option) => labels.current.set(option.value, option.label));
  return (
    <Select
      key={String(isReady.current)}
      searchable
      clearable={!rest.required}
      data={withKnown(options, known)}
      value={value}
      onChange={onChange}
      onSearchChange={setTyped}
      nothingFoundMessage={t("state.nothing_found")}
      clearButtonProps={{ "aria-label": t("action.clear") }}
      {...rest}
    />
  );
}

export function LookupMany({
  name,
  value,
  onChange,
  known,
  query,
  ...rest
}: LookupProps & {
  value: string[];
  onChange: (value: string[]) => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  const { options } = useOptions(name, q, query);
  return (
    <MultiSelect
      searchable
      data={withKnown(options, known)}
      value={value}
      onChange={onChange}
      onSearchChange={setTyped}
      nothingFoundMessage={t("state.nothing_found")}
      {...rest}
    />
  );
}
