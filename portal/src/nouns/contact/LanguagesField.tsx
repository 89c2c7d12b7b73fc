import { Checkbox, Group } from "@mantine/core";
import { LANGUAGES, useText } from "@/text";
import type { Control } from "@/ui/fields";

export function LanguagesField({ control }: { control: Control }) {
  const { value, field } = useText();
  return (
    <Checkbox.Group
      label={field("languages", "contact")}
      value={(control.value as string[]) ?? []}
      error={control.error}
      onChange={control.onChange}
    >
      <Group gap="md" mt={6}>
        {LANGUAGES.map((one) => (
          <Checkbox key={one} value={one} label={value("language", one)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
