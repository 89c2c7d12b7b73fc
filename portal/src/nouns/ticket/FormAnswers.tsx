/* FormAnswers: what a category asks for when a case is opened. The server checks all of it again. */
import { NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { Item } from "@/api/client";
import { useText, type Text as Say } from "@/text";
import type { Control } from "@/ui/fields";
import { useNumbers } from "@/ui/time";

export type CaseForm = Item<"GET /case-forms">;
export type FormField = CaseForm["fields"][number];
type Entry = { key: string; value: string };

export const fieldsOf = (forms: CaseForm[] | undefined, category: unknown): FormField[] =>
  forms?.find((one) => one.id === category)?.fields ?? [];

const valueOf = (entries: unknown, key: string): string =>
  ((entries as Entry[] | null) ?? []).find((one) => one.key === key)?.value ?? "";

/* What is mandatory and empty, by the name under which the form shows it. */
export function unfilled(fields: FormField[], entries: unknown, t: Say): Record<string, string> {
  const missing = fields.filter((one) => one.required && !valueOf(entries, one.key).trim());
  return Object.fromEntries(missing.map((one) => [`answers/${one.key}`, t("fault.required")]));
}

export function FormAnswers({ control, form }: { control: Control; form: CaseForm | undefined }) {
  const { t } = useText();
  const number = useNumbers();
  const fields = form?.fields ?? [];
  const entries = (control.value as Entry[] | null) ?? [];
  const set = (key: string, value: string) =>
    control.onChange([...entries.filter((one) => one.key !== key), ...(value ? [{ key, value }] : [])]);
  const isPlaced = fields.some((one) => control.errorAt?.(one.key));
  const sum = fields
    .filter((one) => one.summed)
    .reduce((total, one) => total + (Number(valueOf(entries, one.key)) || 0), 0);
  return (
    <Stack gap="md">
      {fields.map((one) => (
        <AnswerField
          key={one.key}
          field={one}
          value={valueOf(entries, one.key)}
          error={control.errorAt?.(one.key)}
          onChange={(value) => set(one.key, value)}
        />
      ))}
      {form?.sum_max != null && (
        <Text size="sm" c={sum > form.sum_max ? "var(--y-bad)" : "dimmed"} role="status">
          {t("ticket.form_sum", { sum: number(sum), max: number(form.sum_max) })}
        </Text>
      )}
      {control.error && !isPlaced && (
        <Text size="xs" c="var(--y-bad)">
          {control.error}
        </Text>
      )}
    </Stack>
  );
}

const TYPES: Record<string, string> = { number: "number", date: "date" };

function AnswerField({
  field,
  value,
  error,
  onChange,
}: {
  field: FormField;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t, language } = useText();
  const own = (en: string | null, ja: string | null) => (language === "ja" ? ja : en) ?? undefined;
  const common = {
    label: own(field.label_en, field.label_ja),
    description: own(field.hint_en, field.hint_ja),
    name: `answers/${field.key}`,
    required: field.required,
    error,
    value,
  };
  if (field.kind === "choice")
    return (
      <NativeSelect
        {...common}
        data={[
          { value: "", label: t("ticket.form_choose") },
          ...(field.choices ?? []).map((one) => ({ value: one.key, label: own(one.label_en, one.label_ja) ?? "" })),
        ]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type={TYPES[field.kind ?? ""] ?? "text"}
      min={field.min ?? undefined}
      max={field.max ?? undefined}
      maxLength={field.kind === "hash" ? 64 : 500}
      className={field.kind === "hash" ? "y-num" : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
