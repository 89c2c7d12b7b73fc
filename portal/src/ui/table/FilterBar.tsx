/* FilterBar: the search box and one button per filter, which says what it is set to. */
import { Button, Group, Skeleton, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useState } from "react";
import { useText } from "@/text";
import { Flyout } from "../Flyout";
import { IconChevronDown, IconSearch, IconX } from "../icons";
import { useOptions } from "../options";
import type { Words } from "../nav";
import classes from "./DataTable.module.css";
import { PERIODS, type Filter } from "./model";

const FilterChoice = lazy(() => import("./FilterChoice"));

interface BarProps {
  filters: Filter[];
  words: Words;
  change: (some: Words) => void;
  searchHint?: string;
}

export function FilterBar({ filters, words, change, searchHint }: BarProps) {
  const { t } = useText();
  const isFiltered = filters.some((filter) => words[filter.field]) || Boolean(words.q);
  const nothing = Object.fromEntries([
    ["q", undefined],
    ...filters.map((filter) => [filter.field, undefined]),
  ]) as Words;
  return (
    <Group gap={6} className={classes.filters}>
      {searchHint && (
        <SearchBox hint={searchHint} value={words.q ?? ""} onSearch={(q) => change({ q: q || undefined })} />
      )}
      {filters.map((filter) => (
        <FilterButton
          key={filter.field}
          filter={filter}
          value={words[filter.field] ?? ""}
          onChange={(value) => change({ [filter.field]: value || undefined })}
        />
      ))}
      {isFiltered && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconX size={13} aria-hidden />}
          onClick={() => change(nothing)}
        >
          {t("table.clear_filters")}
        </Button>
      )}
    </Group>
  );
}

function SearchBox({
  hint,
  value,
  onSearch,
}: {
  hint: string;
  value: string;
  onSearch: (q: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const search = useDebouncedCallback(onSearch, 300);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      size="xs"
      className={classes.search}
      type="search"
      aria-label={hint}
      placeholder={hint}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      data-list-search
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}

export function FilterButton({
  filter,
  value,
  onChange,
}: {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t, field } = useText();
  const label = filter.label ?? field(filter.field);
  const shown = useShown(filter, value);
  return (
    <Flyout
      button={
        <Button
          size="xs"
          variant={value ? "light" : "default"}
          rightSection={<IconChevronDown size={13} aria-hidden />}
          className={classes.filter}
        >
          {value ? t("table.filter_is", { label, value: shown }) : label}
        </Button>
      }
    >
      {() => (
        <Stack gap="xs">
          <Suspense fallback={<Skeleton height={90} />}>
            <FilterChoice filter={filter} label={label} value={value} onChange={onChange} />
          </Suspense>
          {value && (
            <Button size="compact-xs" variant="subtle" onClick={() => onChange("")}>
              {t("action.clear")}
            </Button>
          )}
        </Stack>
      )}
    </Flyout>
  );
}

/* What the button says about its value: words, names, a period. */
function useShown(filter: Filter, value: string): string {
  const { t, value: word } = useText();
  const { options } = useOptions(filter.kind === "lookup" && value ? filter.field : "");
  if (filter.kind === "text") return value;
  if (filter.kind === "period") return value in PERIODS ? t(`period.${value}`) : value.replace("..", " – ");
  const names = value
    .split(",")
    .map((one) =>
      filter.kind === "lookup"
        ? (options.find((option) => option.value === one)?.label ?? "…")
        : word(filter.domain ?? filter.field, one),
    );
  return names.length > 2 ? t("table.n_chosen", { count: names.length }) : names.join(", ");
}
