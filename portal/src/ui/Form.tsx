/* Form: the input of a route with an order and a layout.
 *
 * Which fields there are, which are required, how long they may be and which words they take comes from the server's
 * declaration; the page says in which order they stand and what each starts with. What the server refuses is shown
 * at the field its pointer names, and the first such field gets the focus.
 */
import { Button, Group, SimpleGrid, Stack } from "@mantine/core";
import { Suspense, use, useRef, useState, type FormEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import type { Ask, Body, Out, Route } from "@/api/client";
import { inputsOf, type InputField, type InputFields } from "@/api/inputs";
import { asProblem, type Problem } from "@/api/problem";
import { useVerb } from "@/api/queries";
import { useText, type Text } from "@/text";
import { LoadingState } from "./LoadingState";
import { FieldControl, type Control, type Value } from "./fields";
import { Note } from "./Note";

type Values = Record<string, Value>;
/** Rows of the form: a field alone, or a few side by side. */
type Layout<R extends Route> = Array<Extract<keyof Body<R>, string> | Array<Extract<keyof Body<R>, string>>>;

export interface FormProps<R extends Route> {
  route: R;
  noun: string;
  layout: Layout<R>;
  path?: Ask<R>["path"];
  version?: number;
  initial?: Partial<Body<R>>;
  /** Fields drawn by the page itself. */
  controls?: Partial<Record<Extract<keyof Body<R>, string>, (control: Control) => ReactNode>>;
  lookups?: Record<string, Record<string, unknown>>;
  autoComplete?: Record<string, string>;
  /** Fields that make no sense with what stands in others. */
  isHidden?: (name: string, values: Values) => boolean;
  /** What the page itself can see is wrong, by name; inside of a field as name/inner. */
  check?: (values: Values) => Record<string, string>;
  /** Fields that start anew when another one changes. */
  clears?: Record<string, string[]>;
  alsoChanges?: string[];
  submit: string;
  onDone: (out: Out<R>, sent: Body<R>) => void;
  onCancel?: () => void;
  children?: ReactNode;
  isDisabled?: boolean;
  /** The last look before sending: what is not in any field, or must not leave the browser. */
  prepare?: (body: Values) => Values;
  wide?: boolean;
  /** Every change of a value: for drafts. */
  onValues?: (values: Values) => void;
  /** Somebody was faster: with what was about to be sent. Without it the form says so. */
  onStale?: (mine: Body<R>) => void;
  /** True: the page has another way for what was refused, and says so itself. */
  onRefused?: (problem: Problem, sent: Body<R>) => boolean;
}

const emptyOf = (field: InputField): Value =>
  field.kind === "array" ? [] : field.kind === "boolean" ? false : field.kind === "string" ? "" : null;

function startValues(fields: InputFields, initial: Values): Values {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, initial[name] ?? emptyOf(field)]),
  );
}

/* What is said before the server is asked: only what everybody can see is wrong. */
function earlyErrors(fields: InputFields, shown: string[], values: Values, t: Text): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const name of shown) {
    const field = fields[name];
    const value = values[name];
    if (!field) continue;
    const isEmpty =
      value === "" || value === null || value === undefined || (Array.isArray(value) && !value.length);
    if (field.required && isEmpty) errors[name] = t("fault.required");
    else if (field.kind === "string" && !isEmpty && (value as string).length < (field.min ?? 0)) {
      errors[name] = t("fault.too_short", { min: field.min });
    }
  }
  return errors;
}

function bodyOf(fields: InputFields, shown: string[], values: Values): Values {
  const body: Values = {};
  for (const name of shown) {
    const value = values[name];
    const isLeftOut = value === null || value === undefined || (value === "" && !fields[name]?.required);
    if (!isLeftOut)
      body[name] = typeof value === "string" && fields[name]?.format !== "password" ? value.trim() : value;
  }
  return body;
}

/* What somebody has changed is wrong no longer, nor is anything inside of it. */
const without = (errors: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(errors).filter(([key]) => key !== name && !key.startsWith(`${name}/`)));

const fieldOfPointer = (pointer: string) => pointer.replace(/^#?\//, "").split("/")[0] ?? "";

function serverErrors(problem: Problem, shown: string[]) {
  const placed: Record<string, string> = {};
  const loose: string[] = [];
  for (const one of problem.fields) {
    const name = fieldOfPointer(one.pointer);
    const inner = one.pointer.replace(/^#?\//, "");
    if (shown.includes(name)) {
      placed[inner] ??= one.message;
      placed[name] ??= one.message;
    } else loose.push(name ? `${name}: ${one.message}` : one.message);
  }
  return { placed, loose };
}

export function Form<R extends Route>(props: FormProps<R>) {
  return (
    <Suspense fallback={<LoadingState rows={props.layout.length} />}>
      <DeclaredForm {...props} />
    </Suspense>
  );
}

function DeclaredForm<R extends Route>(props: FormProps<R>) {
  const { t } = useText();
  const fields: InputFields = use(inputsOf(props.route))[props.route] ?? {};
  const [values, setValues] = useState<Values>(() => startValues(fields, (props.initial ?? {}) as Values));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<{ title: string; lines: string[] } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const verb = useVerb(props.route, props.alsoChanges);
  const rows = props.layout.map((row) => (Array.isArray(row) ? row : [row]) as string[]);
  const shown = rows.flat().filter((name) => fields[name] && !props.isHidden?.(name, values));

  const refuse = (found: Record<string, string>) => {
    // At once: a frame later the focus would be taken from who has gone on to the next field.
    flushSync(() => setErrors(found));
    // What is wrong inside of a field is looked at before the field itself.
    const order = [...Object.keys(found).filter((name) => name.includes("/")), ...shown];
    order
      .filter((name) => found[name])
      .map((name) => form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`))
      .find(Boolean)
      ?.focus();
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    const early = { ...earlyErrors(fields, shown, values, t), ...props.check?.(values) };
    if (Object.keys(early).length > 0) return refuse(early);
    const collected = bodyOf(fields, shown, values);
    const body = (props.prepare?.(collected) ?? collected) as Body<R>;
    try {
      setErrors({});
      const out = await verb.mutateAsync({ path: props.path, version: props.version, body } as Ask<R>);
      props.onDone(out, body);
    } catch (failure) {
      const refusal = asProblem(failure);
      if (refusal.status === 412 && props.onStale) return props.onStale(body);
      if (props.onRefused?.(refusal, body)) return;
      const { placed, loose } = serverErrors(refusal, shown);
      refuse(placed);
      if (refusal.fields.length === 0 || loose.length > 0) {
        setProblem({
          title: titleOf(refusal, t),
          lines: loose.length ? loose : [refusal.detail].filter(Boolean),
        });
      }
    }
  };

  const control = (name: string) => {
    const one: Control = {
      name,
      noun: props.noun,
      field: fields[name]!,
      value: values[name],
      error: errors[name],
      errorAt: (inner) => errors[`${name}/${inner}`],
      disabled: props.isDisabled,
      lookupQuery: props.lookups?.[name],
      autoComplete: props.autoComplete?.[name],
      onChange: (value) => {
        const cleared = (props.clears?.[name] ?? []).map((other) => [other, emptyOf(fields[other]!)]);
        const next = { ...values, [name]: value, ...Object.fromEntries(cleared) };
        setValues(next);
        props.onValues?.(next);
        setErrors((now) => without(now, name));
      },
    };
    const own = props.controls?.[name as Extract<keyof Body<R>, string>];
    return <div key={name}>{own ? own(one) : <FieldControl {...one} />}</div>;
  };

  return (
    <form ref={form} onSubmit={(event) => void send(event)} noValidate>
      <Stack gap="md" maw={props.wide ? undefined : 640}>
        {problem && (
          <Note tone="bad" role="alert" title={problem.title}>
            {problem.lines.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </Note>
        )}
        {rows.map((row) => {
          const present = row.filter((name) => shown.includes(name));
          if (present.length === 0) return null;
          return (
            <SimpleGrid key={row.join()} cols={{ base: 1, sm: present.length }} spacing="md">
              {present.map(control)}
            </SimpleGrid>
          );
        })}
        {props.children}
        <Group gap="xs" justify={props.onCancel ? "flex-end" : "flex-start"}>
          {props.onCancel && (
            <Button variant="default" onClick={props.onCancel}>
              {t("action.cancel")}
            </Button>
          )}
          <Button type="submit" loading={verb.isPending} disabled={props.isDisabled}>
            {props.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function titleOf(problem: Problem, t: Text): string {
  if (problem.status === 412) return t("state.stale");
  if (problem.status === 0) return t("state.unreachable");
  return problem.title || t("state.failed");
}
