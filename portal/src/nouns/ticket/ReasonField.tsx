/* ReasonField: a word of why, which may take a few lines. */
import { Textarea } from "@mantine/core";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";

export function ReasonField({ control }: { control: Control }) {
  const { field, help } = useText();
  return (
    <Textarea
      label={field(control.name, control.noun)}
      description={help(control.name, control.noun)}
      name={control.name}
      required={control.field.required}
      error={control.error}
      maxLength={control.field.max}
      autosize
      minRows={3}
      maxRows={12}
      value={(control.value as string) ?? ""}
      onChange={(event) => control.onChange(event.currentTarget.value)}
    />
  );
}
