/* fields: one control per kind of input, chosen from what the server says about the field. */
import {
  PasswordInput,
  SegmentedControl,
  Skeleton,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { lazy, Suspense, useId, type ReactNode } from "react";
import type { InputField } from "@/api/inputs";
import { useText } from "@/text";
import { SOURCES } from "./options";

/* Boxes that open a list weigh more than all other controls together; they come when a form has one. */
const ChoiceControl = lazy(() => import("./ChoiceControl"));

/* So few words stand side by side; more become a list. */
const SIDE_BY_SIDE = 3;

export type Value = unknown;

export interface Control {
  name: string;
  noun: string;
  field: InputField;
  value: Value;
  error?: string;
  /** Of a part of the value: of the entry of a list that has this key or number. */
  errorAt?: (inner: string) => string | undefined;
  disabled?: boolean;
  lookupQuery?: Record<string, unknown>;
  /** What browsers and password managers should know about the field. */
  autoComplete?: string;
  onChange: (value: Value) => void;
}

export const isZone = (control: Control) =>
  control.field.format === "time-zone" || control.name === "time_zone";

export function FieldControl(control: Control): ReactNode {
  const words = useText();
  const { name, noun, field, error, disabled, onChange } = control;
  const common = {
    label: words.field(name, noun),
    description: words.help(name, noun),
    required: field.required && field.kind !== "boolean",
    error,
    disabled,
    name,
  };
  const isShortChoice = field.kind === "string" && field.words && field.words.length <= SIDE_BY_SIDE;
  if (isShortChoice) return <WordControl control={control} common={common} />;
  if (SOURCES[name] || isZone(control) || field.kind === "array" || field.words) {
    return (
      <Suspense fallback={<Skeleton height={58} />}>
        <ChoiceControl control={control} common={common} />
      </Suspense>
    );
  }
  if (field.kind === "boolean") {
    const { required: _, ...rest } = common;
    return (
      <Switch
        {...rest}
        checked={control.value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (field.kind === "integer" || field.kind === "number") {
    return (
      <TextInput
        {...common}
        type="number"
        min={field.min}
        max={field.max}
        value={(control.value as number | null) ?? ""}
        onChange={(event) =>
          onChange(event.currentTarget.value === "" ? null : event.currentTarget.valueAsNumber)
        }
      />
    );
  }
  return <TextControl control={control} common={common} />;
}

export interface Common {
  label: string;
  description?: string;
  required?: boolean;
  error?: string;
  disabled?: boolean;
  name: string;
}

const TYPES: Record<string, string> = { email: "email", date: "date", uri: "url", url: "url" };

function TextControl({ control, common }: { control: Control; common: Common }) {
  const { t } = useText();
  const { field, onChange } = control;
  const value = (control.value as string | null) ?? "";
  const props = { ...common, value, maxLength: field.max, autoComplete: control.autoComplete ?? "off" };
  if (field.format === "password") {
    return (
      <PasswordInput
        {...props}
        aria-invalid={Boolean(common.error)}
        onChange={(event) => onChange(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("action.show_password") }}
      />
    );
  }
  if (field.format === "markdown" || (field.max ?? 0) > 2000) {
    return (
      <Textarea {...props} autosize minRows={3} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  const type = TYPES[field.format ?? ""] ?? "text";
  return <TextInput {...props} type={type} onChange={(event) => onChange(event.currentTarget.value)} />;
}

function WordControl({ control, common }: { control: Control; common: Common }) {
  const words = useText();
  const id = useId();
  const options = (control.field.words ?? []).map((word) => ({
    value: word,
    label: words.value(control.name, word),
  }));
  return (
    <Stack gap={4} role="group" aria-labelledby={id}>
      <Text id={id} size="sm" fw={500}>
        {common.label}
      </Text>
      <SegmentedControl
        data={options}
        value={(control.value as string) ?? ""}
        disabled={common.disabled}
        onChange={control.onChange}
        name={common.name}
        style={{ alignSelf: "flex-start" }}
      />
      {common.error && (
        <Text size="xs" c="var(--y-bad)">
          {common.error}
        </Text>
      )}
    </Stack>
  );
}
