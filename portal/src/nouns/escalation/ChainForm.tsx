/* ChainForm: a chain and its steps, for a customer or for everybody. */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import { IconPlus } from "@/ui/icons";
import { LookupOne } from "@/ui/Lookup";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { newStep, type Step } from "./model";
import { StepEdit } from "./StepEdit";

type Chain = Item<"GET /escalation-chains">;

export default function ChainForm({ chain, onClose }: { chain: Chain | null; onClose: () => void }) {
  const { t, field } = useText();
  const [tenantId, setTenant] = useState<string | null>(chain?.tenant_id ?? null);
  const [name, setName] = useState(chain?.name ?? "");
  const [steps, setSteps] = useState<Step[]>(chain?.steps ?? [newStep()]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const make = useVerb("POST /escalation-chains");
  const change = useVerb("PUT /escalation-chains/{id}");
  const put = (index: number, step: Step | null) =>
    setSteps(steps.flatMap((one, at) => (at === index ? (step ? [step] : []) : [one])));
  const save = async () => {
    const body = { name: name.trim(), steps: steps.map(tidy) };
    try {
      setProblem(null);
      await (chain
        ? change.mutateAsync({ path: { id: chain.id }, version: chain.version ?? undefined, body })
        : make.mutateAsync({ body: { ...body, tenant_id: tenantId ?? "" } }));
      notifyDone(t("state.saved"));
      onClose();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <Stack>
      {problem && <Refusal problem={problem} />}
      {!chain && (
        <LookupOne
          name="tenant_id"
          label={field("tenant_id")}
          required
          value={tenantId}
          query={{ kind: "customer" }}
          onChange={setTenant}
        />
      )}
      <TextInput
        label={field("name")}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {steps.map((step, index) => (
        <StepEdit
          key={index}
          step={step}
          number={index + 1}
          onChange={(changed) => put(index, changed)}
          onRemove={steps.length > 1 ? () => put(index, null) : undefined}
        />
      ))}
      <Group justify="space-between">
        <Button
          variant="subtle"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={steps.length >= 20}
          onClick={() => setSteps([...steps, newStep()])}
        >
          {t("escalation_chain.add_step")}
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button loading={make.isPending || change.isPending} onClick={() => void save()}>
            {t("action.save")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

/* What belongs to another kind of step is not sent. */
const tidy = (step: Step): Step => ({
  ...step,
  set_key: step.who === "permission_set" ? step.set_key : null,
  people: step.who === "people" ? step.people : [],
});

function Refusal({ problem }: { problem: Problem }) {
  const { t, field } = useText();
  const place = (pointer: string) => {
    const [, index, member] = /^\/steps\/(\d+)\/(\w+)/.exec(pointer) ?? [];
    if (index === undefined) return "";
    return `${t("escalation_chain.step", { number: Number(index) + 1 })} ${field(member ?? "", "escalation_chain")}: `;
  };
  return (
    <Note tone="bad" role="alert" title={problem.title}>
      {problem.fields.map((one) => (
        <div key={one.pointer}>{place(one.pointer) + one.message}</div>
      ))}
    </Note>
  );
}
