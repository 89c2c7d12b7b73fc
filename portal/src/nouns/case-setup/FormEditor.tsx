/* FormEditor: the fields that a category asks for, in their order, in both languages. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@/ui/icons";
import { Note } from "@/ui/Note";
import type { CaseForm } from "./CaseSetupPage";
import classes from "./CaseSetup.module.css";
import { useSave } from "./useSave";

type Field = CaseForm["fields"][number];
const KINDS = ["text", "choice", "number", "date", "hash"];
const MAX = 40;

const fresh = (nth: number): Field =>
  ({ key: `field_${nth}`, kind: "text", label_ja: "", label_en: "", required: false }) as Field;

export default function FormEditor({ form, onClose }: { form: CaseForm; onClose: () => void }) {
  const { t } = useText();
  const [fields, setFields] = useState<Field[]>(form.fields);
  const [sumMax, setSumMax] = useState<number | null>(form.sum_max);
  const { save, faults, isSaving } = useSave("PUT /case-forms/{id}", onClose);
  const set = (nth: number, change: Partial<Field>) =>
    setFields((now) => now.map((one, i) => (i === nth ? { ...one, ...change } : one)));
  const swap = (nth: number, other: number) =>
    setFields((now) => now.map((one, i) => (i === nth ? now[other]! : i === other ? now[nth]! : one)));
  const isSummed = fields.some((one) => one.summed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = { fields: fields.map(cleaned), sum_max: isSummed ? sumMax : null };
        save({ path: { id: form.id! }, version: form.version, body: body as never });
      }}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t("setup.form_hint")}
      </Text>
      {fields.map((one, nth) => (
        <fieldset key={nth} className={classes.field}>
          <legend>{t("setup.nth", { n: nth + 1 })}</legend>
          <FieldInputs field={one} onChange={(change) => set(nth, change)} />
          <Group gap={4} justify="flex-end" mt={6}>
            <Tool label={t("setup.up")} disabled={nth === 0} onClick={() => swap(nth, nth - 1)} icon={IconArrowUp} />
            <Tool
              label={t("setup.down")}
              disabled={nth === fields.length - 1}
              onClick={() => swap(nth, nth + 1)}
              icon={IconArrowDown}
            />
            <Tool
              label={t("action.delete")}
              onClick={() => setFields((now) => now.filter((_, i) => i !== nth))}
              icon={IconTrash}
            />
          </Group>
        </fieldset>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={fields.length >= MAX}
        onClick={() => setFields((now) => [...now, fresh(now.length + 1)])}
      >
        {t("setup.add_field")}
      </Button>
      {isSummed && (
        <NumberInput
          mt="md"
          label={t("setup.sum_max")}
          min={0}
          value={sumMax ?? ""}
          onChange={(value) => setSumMax(value === "" ? null : Number(value))}
        />
      )}
      {faults.length > 0 && (
        <div style={{ marginTop: 16 }}>
          <Note tone="bad" role="alert">
            {faults.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </Note>
        </div>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={isSaving}>
          {t("action.save")}
        </Button>
      </Group>
    </form>
  );
}

function FieldInputs({ field, onChange }: { field: Field; onChange: (change: Partial<Field>) => void }) {
  const { t, value } = useText();
  const text = (name: "key" | "label_ja" | "label_en" | "hint_ja" | "hint_en", isRequired = false) => (
    <TextInput
      size="xs"
      label={t(`setup.field.${name}`)}
      required={isRequired}
      value={field[name] ?? ""}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  const bound = (name: "min" | "max") => (
    <NumberInput
      size="xs"
      label={t(`setup.field.${name}`)}
      value={field[name] ?? ""}
      onChange={(given) => onChange({ [name]: given === "" ? null : Number(given) })}
    />
  );
  return (
    <div className={classes.pair}>
      {text("label_ja", true)}
      {text("label_en", true)}
      <NativeSelect
        size="xs"
        label={t("setup.field.kind")}
        data={KINDS.map((word) => ({ value: word, label: value("form_kind", word) }))}
        value={field.kind ?? "text"}
        onChange={(event) => onChange({ kind: event.currentTarget.value as Field["kind"] })}
      />
      {text("key", true)}
      {text("hint_ja")}
      {text("hint_en")}
      {field.kind === "number" && bound("min")}
      {field.kind === "number" && bound("max")}
      {field.kind === "choice" && <Choices field={field} onChange={onChange} />}
      <Checkbox
        size="xs"
        mt={6}
        label={t("setup.field.required")}
        checked={field.required}
        onChange={(event) => onChange({ required: event.currentTarget.checked })}
      />
      {field.kind === "number" && (
        <Checkbox
          size="xs"
          mt={6}
          label={t("setup.field.summed")}
          checked={field.summed}
          onChange={(event) => onChange({ summed: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}

/* A line per choice: its key, and what it is called in both languages. */
function Choices({ field, onChange }: { field: Field; onChange: (change: Partial<Field>) => void }) {
  const { t } = useText();
  const [text, setText] = useState(
    (field.choices ?? []).map((one) => [one.key, one.label_ja, one.label_en].join(" | ")).join("\n"),
  );
  return (
    <Textarea
      size="xs"
      style={{ gridColumn: "1 / -1" }}
      label={t("setup.field.choices")}
      description={t("setup.choices_hint")}
      autosize
      minRows={3}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange({ choices: choicesOf(event.currentTarget.value) as never });
      }}
    />
  );
}

const choicesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.split("|").map((part) => part.trim()))
    .filter(([key]) => key)
    .map(([key, label_ja, label_en]) => ({ key, label_ja: label_ja ?? "", label_en: label_en ?? "" }));

/* Only what belongs to the kind is sent. */
function cleaned(field: Field) {
  const { key, kind, label_ja, label_en, required } = field;
  const rest: Record<string, unknown> = {};
  if (field.hint_ja) rest.hint_ja = field.hint_ja;
  if (field.hint_en) rest.hint_en = field.hint_en;
  if (kind === "number") Object.assign(rest, { min: field.min, max: field.max, summed: field.summed ?? false });
  if (kind === "choice") rest.choices = field.choices;
  return { key, kind, label_ja, label_en, required, ...rest };
}

function Tool({
  label,
  icon: Picture,
  onClick,
  disabled,
}: {
  label: string;
  icon: typeof IconTrash;
  onClick: () => void;
  disabled?: boolean;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} disabled={disabled} onClick={onClick}>
      <Picture size={15} aria-hidden />
    </ActionIcon>
  );
}
