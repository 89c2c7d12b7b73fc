/* ChoiceControl: one or several out of many: words, time zones, objects, free tags. */
import { Select, TagsInput } from "@mantine/core";
import { useText } from "@/text";
import { isZone, type Common, type Control } from "./fields";
import { LookupMany, LookupOne } from "./Lookup";
import { SOURCES } from "./options";

export default function ChoiceControl({ control, common }: { control: Control; common: Common }) {
  if (SOURCES[control.name]) return <LookupControl control={control} common={common} />;
  if (isZone(control)) return <ZoneControl control={control} common={common} />;
  if (control.field.kind === "array") {
    const value = (control.value as string[]) ?? [];
    return (
      <TagsInput
        {...common}
        value={value}
        onChange={(tags) => control.onChange(apart(tags))}
        data={control.field.words}
      />
    );
  }
  return <ListControl control={control} common={common} />;
}

/* People paste and type lists; a comma never belongs to a tag. */
const apart = (tags: string[]) => [...new Set(tags.flatMap((tag) => tag.split(/[,、\s]+/)).filter(Boolean))];

function ListControl({ control, common }: { control: Control; common: Common }) {
  const words = useText();
  const options = (control.field.words ?? []).map((word) => ({
    value: word,
    label: words.value(control.name, word),
  }));
  return (
    <Select
      {...common}
      data={options}
      value={(control.value as string) ?? null}
      allowDeselect={!common.required}
      onChange={(value) => control.onChange(value)}
    />
  );
}

const zones = () => Intl.supportedValuesOf("timeZone");

function ZoneControl({ control, common }: { control: Control; common: Common }) {
  const { t } = useText();
  const value = (control.value as string | null) ?? null;
  const all = zones();
  const data = value && !all.includes(value) ? [value, ...all] : all;
  return (
    <Select
      {...common}
      searchable
      limit={100}
      data={data}
      value={value}
      nothingFoundMessage={t("state.nothing_found")}
      onChange={(zone) => control.onChange(zone)}
    />
  );
}

function LookupControl({ control, common }: { control: Control; common: Common }) {
  const query = control.lookupQuery;
  if (control.field.kind === "array") {
    return (
      <LookupMany
        {...common}
        query={query}
        value={(control.value as string[]) ?? []}
        onChange={control.onChange}
      />
    );
  }
  return (
    <LookupOne
      {...common}
      query={query}
      value={(control.value as string | null) ?? null}
      onChange={control.onChange}
    />
  );
}
