/* RuleForm: one incident rule, and below it what it will do, in sentences, while it is being written. */
import { Button, Group, MultiSelect, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { TACTICS } from "@/nouns/detection/rights";
import { useConfirm } from "@/ui/confirm";
import type { Control } from "@/ui/fields";
import { Form, type FormProps } from "@/ui/Form";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { useExplain, type Asks } from "./explain";
import { wordsOf, type Begin, type IncidentRule } from "./model";

const GATHER = ["computer", "user", "process", "executable", "address", "rule"];
const NEW = { enabled: true, position: 100, gather_by: GATHER, window_minutes: 240, severity: "b" };

interface RuleFormProps {
  begun: Begin;
  onBegin: (next: Begin) => void;
  onClose: () => void;
}

export default function RuleForm({ begun, onBegin, onClose }: RuleFormProps) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  const initial = begun.kind === "new" ? { ...NEW, tenant_id: tenant?.id } : wordsOf(begun.rule);
  const [asks, setAsks] = useState<Asks>(initial as Asks);
  const { conditions } = useExplain();
  const mayChange = begun.kind !== "change" || begun.rule.can.includes("update");
  const shared: Omit<FormProps<"PUT /incident-rules/{id}">, "route"> = {
    noun: "incident_rule",
    layout: [
      ["name_ja", "name"],
      ["min_score", "sum_score"],
      ["min_detections", "min_computers"],
      ["min_tactics", "correlation"],
      "tactic_order",
      "rule_keys",
      "gather_by",
      ["window_minutes", "position"],
      "severity",
      "enabled",
    ],
    initial: initial as never,
    controls: {
      gather_by: (control) => <Words control={control} words={GATHER} domain="gather_by" />,
      tactic_order: (control) => <Words control={control} words={TACTICS} domain="tactic" />,
      rule_keys: (control) => <Rules control={control} />,
    },
    alsoChanges: ["audit"],
    submit: t("action.save"),
    isDisabled: !mayChange,
    // A rule without a condition would make an incident of everything.
    check: (values): Record<string, string> =>
      conditions(values as Asks).length ? {} : { min_score: t("incident_rule.asks_nothing") },
    onValues: (values) => setAsks(values as Asks),
    onCancel: onClose,
    onDone: () => {
      notifyDone(t("state.saved"));
      onClose();
    },
    children: <Says of={asks} />,
    wide: true,
  };
  if (begun.kind === "change")
    return (
      <Stack>
        <Others rule={begun.rule} onBegin={onBegin} onClose={onClose} />
        <Form
          {...shared}
          route="PUT /incident-rules/{id}"
          path={{ id: begun.rule.id }}
          version={begun.rule.version ?? undefined}
        />
      </Stack>
    );
  const made = shared as unknown as FormProps<"POST /incident-rules">;
  return (
    <Form
      {...made}
      route="POST /incident-rules"
      layout={["tenant_id", ...made.layout]}
      lookups={begun.kind === "own" ? { tenant_id: { kind: "customer" } } : undefined}
      isHidden={(name) => name === "tenant_id" && !isProvider}
    />
  );
}

function Says({ of }: { of: Asks }) {
  const { t } = useText();
  const { conditions, story } = useExplain();
  const all = conditions(of);
  return (
    <Note tone={all.length ? "info" : "warn"} role="status" title={t("incident_rule.says")}>
      {all.length === 0 ? (
        t("incident_rule.asks_nothing")
      ) : (
        <>
          <Text size="sm">{story(of)}</Text>
          <ul>
            {all.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </Note>
  );
}

/* What else can be done with a rule that is there. */
function Others({
  rule,
  onBegin,
  onClose,
}: {
  rule: IncidentRule;
  onBegin: (next: Begin) => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const { may, isProvider, tenant } = useSession();
  const remove = useVerb("DELETE /incident-rules/{id}", ["audit"]);
  const { confirm, dialog } = useConfirm();
  const isShared = isProvider && rule.tenant_id === tenant?.id;
  const askRemove = () =>
    confirm({
      title: t("incident_rule.remove"),
      text: t("incident_rule.remove_text"),
      action: t("action.delete"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: rule.id } }).then(onClose),
    });
  return (
    <Group gap="xs">
      {isShared && may("rules:write") && (
        <Button size="xs" variant="default" onClick={() => onBegin({ kind: "own", rule })}>
          {t("incident_rule.own")}
        </Button>
      )}
      {rule.can.includes("delete") && (
        <Button size="xs" variant="subtle" c="var(--y-bad)" onClick={askRemove}>
          {t("incident_rule.remove")}
        </Button>
      )}
      {dialog}
    </Group>
  );
}

function Words({ control, words, domain }: { control: Control; words: readonly string[]; domain: string }) {
  const { field, help, value } = useText();
  return (
    <MultiSelect
      label={field(control.name, "incident_rule")}
      description={help(control.name, "incident_rule")}
      data={words.map((word) => ({ value: word, label: value(domain, word) }))}
      value={(control.value as string[] | null) ?? []}
      required={control.field.required}
      name={control.name}
      error={control.error}
      disabled={control.disabled}
      onChange={control.onChange}
    />
  );
}

/* Detection rules by name; what is kept of each is its key, which outlives its versions. */
function Rules({ control }: { control: Control }) {
  const { t, field, help, language } = useText();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  const rules = useRead("GET /rules", { query: { q: q || undefined, limit: 50 } as never });
  const chosen = (control.value as string[] | null) ?? [];
  // A customer's own rule may have the key of the provider's.
  const found = new Map(
    (rules.data?.items ?? []).map((row) => [row.key, (language === "ja" && row.title_ja) || row.title]),
  );
  for (const key of chosen) if (!found.has(key)) found.set(key, key);
  return (
    <MultiSelect
      label={field(control.name, "incident_rule")}
      description={help(control.name, "incident_rule")}
      data={[...found].map(([value, label]) => ({ value, label }))}
      value={chosen}
      searchable
      onSearchChange={setTyped}
      nothingFoundMessage={t("state.nothing_found")}
      name={control.name}
      error={control.error}
      disabled={control.disabled}
      onChange={control.onChange}
    />
  );
}
