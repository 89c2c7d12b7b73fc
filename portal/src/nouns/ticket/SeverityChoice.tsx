/* SeverityChoice: A, B or C with what each means and when the first answer comes. */
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { ChoiceCards } from "./ChoiceCards";

export function SeverityChoice({ control, label }: { control: Control; label: string }) {
  const { t, value } = useText();
  const cards = ["a", "b", "c"].map((word) => ({
    value: word,
    title: value("severity", word),
    hint: t(`ticket.severity_hint.${word}`),
  }));
  return (
    <ChoiceCards
      label={label}
      name={control.name}
      cards={cards}
      columns={1}
      value={(control.value as string) || null}
      onChange={control.onChange}
      error={control.error}
    />
  );
}
