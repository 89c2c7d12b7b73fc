/* TargetForm: promising something from a moment on. What that would do is looked at first, then saved. */
import { Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Body } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { LookupOne } from "@/ui/Lookup";
import { useGo } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { Note } from "@/ui/Note";
import { Section } from "@/ui/Page";
import { LookBar, SaveBar } from "@/ui/LookBar";
import { useWhatIf, WhatIf } from "@/ui/WhatIf";

type Sent = Body<"POST /promise-targets">;
type Metric = "acknowledge" | "first_response" | "next_update" | "resolve";

const UNITS: Record<string, number> = { minutes: 60, hours: 3600, days: 86_400 };
const OCCASIONS = ["case_opened", "case_reopened", "engineer_answered", "customer_wrote", "engineer_assigned"];
const ENDINGS = OCCASIONS.slice(2);

/* What is usual for each metric; everything may be said otherwise. */
const USUAL: Record<Metric, Pick<Sent, "starts_on" | "stops_on" | "resets_on" | "pauses_while">> = {
  acknowledge: {
    starts_on: ["case_opened", "case_reopened"],
    stops_on: ["engineer_answered", "engineer_assigned"],
    resets_on: [],
    pauses_while: [],
  },
  first_response: {
    starts_on: ["case_opened", "case_reopened"],
    stops_on: ["engineer_answered"],
    resets_on: [],
    pauses_while: [],
  },
  next_update: {
    starts_on: ["engineer_answered"],
    stops_on: [],
    resets_on: ["engineer_answered"],
    pauses_while: ["waiting_customer"],
  },
  resolve: {
    starts_on: ["case_opened", "case_reopened"],
    stops_on: [],
    resets_on: [],
    pauses_while: ["waiting_customer"],
  },
};

export default function TargetForm() {
  const { t } = useText();
  const go = useGo();
  const [sent, setSent] = useState<Sent>({
    severity: "a",
    metric: "first_response",
    pace: "around_the_clock",
    allowance: 7200,
    mercy_s: 1800,
    warn_at: ["50", "75", "90"],
    ...USUAL.first_response,
  } as Sent);
  const [fromAt, setFromAt] = useState("");
  const [forOpen, setForOpen] = useState(false);
  const [months, setMonths] = useState("3");
  const [seen, setSeen] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const whatIf = useWhatIf("POST /promise-targets/what-if");
  const put = useVerb("POST /promise-targets", ["tickets"]);
  const asked = JSON.stringify([sent, months]);
  const isSeen = seen === asked && Boolean(whatIf.found?.isDone);
  const change = (some: Partial<Sent>) => setSent((now) => ({ ...now, ...some }));
  const look = () => {
    setProblem(null);
    setSeen(asked);
    void whatIf.look({ ...sent, months: Number(months) });
  };
  const save = async () => {
    try {
      const from_at = fromAt ? new Date(fromAt).toISOString() : undefined;
      await put.mutateAsync({ body: { ...sent, from_at, for_open_cases: forOpen } });
      notifyDone(t("state.saved"));
      await go("/targets");
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <>
      <Section title={t("target.what")}>
        <Promise sent={sent} onChange={change} />
      </Section>
      <Section title={t("target.for")} lead={t("target.for_lead")}>
        <ForWhom sent={sent} onChange={change} />
      </Section>
      <Section title={t("target.conditions")} lead={t("target.conditions_lead")}>
        <Conditions sent={sent} onChange={change} />
      </Section>
      <Section title={t("target.when")}>
        <Stack gap="md">
          <TextInput
            type="datetime-local"
            label={t("target.from_at")}
            description={t("target.from_at_help")}
            maw={320}
            value={fromAt}
            onChange={(event) => setFromAt(event.currentTarget.value)}
          />
          <Switch
            label={t("target.for_open")}
            description={t("target.for_open_help")}
            checked={forOpen}
            onChange={(event) => setForOpen(event.currentTarget.checked)}
          />
        </Stack>
      </Section>
      <Section title={t("what_if.title")} lead={t("target.what_if_lead")}>
        <Stack gap="md">
          <LookBar months={months} onChange={setMonths} onLook={look} />
          {seen === asked && <WhatIf of={whatIf} />}
        </Stack>
      </Section>
      {problem && (
        <Note tone="bad" role="alert" title={problem.title}>
          {problem.fields.map((one) => `${one.pointer.replace("/", "")}: ${one.message}`).join(" ")}
        </Note>
      )}
      <SaveBar
        onCancel={() => void go("/targets")}
        onSave={() => void save()}
        isSaving={put.isPending}
        isReady={isSeen}
      />
    </>
  );
}

interface PartProps {
  sent: Sent;
  onChange: (some: Partial<Sent>) => void;
}

function Promise({ sent, onChange }: PartProps) {
  const { t, value, field } = useText();
  const isDays = sent.pace === "business_days";
  const [unit, setUnit] = useState("hours");
  const size = isDays ? 1 : UNITS[unit]!;
  const words = (name: string, list: string[]) => list.map((one) => ({ value: one, label: value(name, one) }));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label={field("metric", "target")}
        required
        allowDeselect={false}
        data={words("metric", Object.keys(USUAL))}
        value={sent.metric}
        onChange={(metric) =>
          metric && onChange({ metric: metric as Metric, ...USUAL[metric as Metric] } as Partial<Sent>)
        }
      />
      <Select
        label={field("severity")}
        required
        allowDeselect={false}
        data={words("severity", ["a", "b", "c"])}
        value={sent.severity}
        onChange={(severity) => severity && onChange({ severity } as Partial<Sent>)}
      />
      <Select
        label={field("pace", "target")}
        required
        allowDeselect={false}
        data={words("pace", ["around_the_clock", "business_time", "business_days"])}
        value={sent.pace}
        onChange={(pace) =>
          pace && onChange({ pace, allowance: pace === "business_days" ? 1 : 7200 } as Partial<Sent>)
        }
      />
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <NumberInput
          label={field("allowance", "target")}
          required
          min={1}
          max={10_000}
          style={{ flex: 1 }}
          value={Math.round((sent.allowance / size) * 100) / 100}
          onChange={(n) => onChange({ allowance: Math.max(1, Math.round(Number(n) * size)) })}
        />
        <Select
          aria-label={t("target.unit")}
          disabled={isDays}
          allowDeselect={false}
          w={120}
          data={words("time_unit", Object.keys(UNITS))}
          value={isDays ? "days" : unit}
          onChange={(one) => one && setUnit(one)}
        />
      </Group>
      <Switch
        label={t("target.ends")}
        description={t("target.ends_help")}
        checked={Boolean(sent.ends)}
        onChange={(event) => onChange({ ends: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}

function ForWhom({ sent, onChange }: PartProps) {
  const { value, field, t } = useText();
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <LookupOne
        name="tenant_id"
        label={field("tenant_id")}
        placeholder={t("target.everybody")}
        query={{ kind: "customer" }}
        value={sent.tenant_id ?? null}
        onChange={(id) => onChange({ tenant_id: id ?? undefined })}
      />
      <Select
        label={field("plan")}
        clearable
        placeholder={t("target.any")}
        data={["lite", "ultimate", "mss"].map((one) => ({ value: one, label: value("plan", one) }))}
        value={sent.plan ?? null}
        onChange={(plan) => onChange({ plan: plan ?? undefined } as Partial<Sent>)}
      />
      <LookupOne
        name="category_id"
        label={field("category_id")}
        placeholder={t("target.any")}
        value={sent.category_id ?? null}
        onChange={(id) => onChange({ category_id: id ?? undefined })}
      />
    </SimpleGrid>
  );
}

function Conditions({ sent, onChange }: PartProps) {
  const { t, field } = useText();
  const group = (name: "starts_on" | "stops_on" | "resets_on" | "pauses_while" | "warn_at", domain: string) => ({
    label: field(name, "target"),
    domain,
    value: (sent[name] ?? []) as string[],
    onChange: (list: string[]) => onChange({ [name]: list } as Partial<Sent>),
  });
  return (
    <Stack gap="md">
      <Words {...group("starts_on", "promise_occasion")} words={OCCASIONS} />
      <Words {...group("stops_on", "promise_occasion")} words={ENDINGS} />
      <Words {...group("resets_on", "promise_occasion")} words={ENDINGS} />
      <Words {...group("pauses_while", "promise_wait")} words={["waiting_customer", "waiting_third_party"]} />
      <Words {...group("warn_at", "promise_warning")} words={["25", "50", "60", "70", "75", "80", "90", "95"]} />
      <NumberInput
        label={t("target.mercy")}
        description={t("target.mercy_help")}
        maw={320}
        min={0}
        max={14_400}
        value={Math.round((sent.mercy_s ?? 0) / 60)}
        onChange={(n) => onChange({ mercy_s: Math.max(0, Number(n)) * 60 })}
      />
    </Stack>
  );
}

function Words({
  label,
  domain,
  words,
  value: chosen,
  onChange,
}: {
  label: string;
  domain: string;
  words: string[];
  value: string[];
  onChange: (list: string[]) => void;
}) {
  const { value } = useText();
  return (
    <Checkbox.Group label={label} value={chosen} onChange={onChange}>
      <Group gap="md" mt={6}>
        {words.map((word) => (
          <Checkbox
            key={word}
            value={word}
            label={<Text size="sm">{domain === "promise_warning" ? `${word}%` : value(domain, word)}</Text>}
          />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
