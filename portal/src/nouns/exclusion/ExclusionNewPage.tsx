/* ExclusionNewPage: from a detection, with its values filled in and each to be switched on or off, narrowest first; or
 * as a text in the rule language. Nothing is saved before somebody has seen what it would have hidden. */
import { Button, Checkbox, Group, NativeSelect, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Body, Out } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useGo, useWords } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { Loaded, Page, Section } from "@/ui/Page";
import { Replay } from "./Replay";
import { ReplayEvents } from "./ReplayEvents";
import { ScopeChoice, type Scope } from "./ScopeChoice";
import classes from "./Exclusions.module.css";

const LookupOne = lazy(() => import("@/ui/Lookup").then((part) => ({ default: part.LookupOne })));

type Proposal = Out<"GET /detections/{id}/exclusion-proposal">;
type Condition = NonNullable<Proposal["conditions"]>[number];

export default function ExclusionNewPage() {
  const { t } = useText();
  const [words] = useWords();
  return (
    <Page
      title={t("page.exclusion_new")}
      lead={t("exclusion.new_lead")}
      back={
        words.detection
          ? { to: `/detections/${words.detection}`, title: t("page.detection") }
          : { to: "/exclusions", title: t("page.exclusions") }
      }
    >
      {words.detection ? <FromDetection id={words.detection} /> : <Wizard />}
    </Page>
  );
}

function FromDetection({ id }: { id: string }) {
  const proposal = useRead("GET /detections/{id}/exclusion-proposal", { path: { id } });
  return <Loaded of={proposal}>{(row) => <Wizard proposal={row} />}</Loaded>;
}

const TEXT = `title: ...
logsource:
    category: process_creation
detection:
    selection:
        Image|endswith: ''
    condition: selection
`;

function Wizard({ proposal }: { proposal?: Proposal }) {
  const { t } = useText();
  const steps = proposal?.steps ?? [];
  const [step, setStep] = useState(steps[0]?.name ?? "");
  const [way, setWay] = useState(proposal ? "wizard" : "advanced");
  const [conditions, setConditions] = useState<Condition[]>(proposal?.conditions ?? []);
  const scopeOf = (word?: string): Scope =>
    word === "computer" ? { scope: "computer", scope_id: proposal?.computer_id ?? undefined } : { scope: "all" };
  const [scope, setScope] = useState<Scope>(scopeOf(steps[0]?.scope));
  const [body, setBody] = useState(TEXT);
  const [tenant, setTenant] = useState<string | null>(proposal?.tenant_id ?? null);
  const replay = useVerb("POST /exclusions/replay");
  const change = <T,>(set: (value: T) => void) => (value: T) => {
    set(value);
    replay.reset(); // what was shown was of something else
  };
  const chooseStep = (name: string) => {
    const chosen = steps.find((one) => one.name === name);
    setStep(name);
    change(setScope)(scopeOf(chosen?.scope));
    setConditions((now) => now.map((one) => ({ ...one, enabled: Boolean(chosen?.fields?.includes(one.field)) })));
  };
  const about = {
    tenant_id: tenant,
    rule_id: proposal?.rule_id,
    ...scope,
    ...(way === "wizard" ? { conditions } : { body }),
  } as Body<"POST /exclusions/replay">;
  const problem = replay.error ? asProblem(replay.error) : null;
  return (
    <div className={classes.halves}>
      <div>
        <Section title={t("exclusion.condition")} lead={t(`exclusion.${way}_lead`)}>
          <Stack gap="md">
            {proposal ? (
              <SegmentedControl
                aria-label={t("exclusion.way")}
                value={way}
                onChange={change(setWay)}
                data={["wizard", "advanced"].map((value) => ({ value, label: t(`exclusion.${value}`) }))}
              />
            ) : (
              <Suspense>
                <LookupOne
                  name="tenant_id"
                  label={t("exclusion.whose")}
                  required
                  value={tenant}
                  onChange={change(setTenant)}
                />
              </Suspense>
            )}
            {way === "wizard" ? (
              <>
                <SegmentedControl
                  aria-label={t("exclusion.how_wide")}
                  value={step}
                  onChange={chooseStep}
                  data={steps.map((one) => ({ value: one.name, label: t(`exclusion.step.${one.name}`) }))}
                />
                <Conditions of={conditions} onChange={change(setConditions)} />
              </>
            ) : (
              <div className={classes.body}>
                <Textarea
                  label={t("exclusion.body")}
                  autosize
                  minRows={10}
                  maxRows={30}
                  value={body}
                  spellCheck={false}
                  onChange={(event) => change(setBody)(event.currentTarget.value)}
                />
              </div>
            )}
            <ScopeChoice tenant={tenant} proposal={proposal} value={scope} onChange={change(setScope)} />
            {problem && (
              <Note tone="bad" role="alert" title={problem.title}>
                {problem.fields.map((one) => one.message).join(" ") || problem.detail}
              </Note>
            )}
            <Group justify="flex-end">
              <Button
                variant={replay.data ? "default" : undefined}
                disabled={!tenant || (scope.scope === "group" && !scope.scope_id)}
                loading={replay.isPending}
                onClick={() => replay.mutate({ body: about })}
              >
                {t("exclusion.replay")}
              </Button>
            </Group>
          </Stack>
        </Section>
      </div>
      <div>
        {replay.data ? (
          <>
            <Section title={t("exclusion.replay_title")}>
              <Replay of={replay.data} />
            </Section>
            <Section title={t("exclusion.events_title")}>
              <ReplayEvents of={replay.data} />
            </Section>
            <Save
              about={about}
              title={proposal?.title ?? ""}
              detection={proposal?.detection_id}
              hidesTrue={replay.data.true_positives + (replay.data.event_true_positives ?? 0) > 0}
            />
          </>
        ) : (
          <Section title={t("exclusion.replay_title")}>{t("exclusion.replay_hint")}</Section>
        )}
      </div>
    </div>
  );
}

const OPERATORS = ["equals", "starts", "ends", "contains"] as const;

function Conditions({ of, onChange }: { of: Condition[]; onChange: (next: Condition[]) => void }) {
  const { t, value } = useText();
  const set = (index: number, some: Partial<Condition>) =>
    onChange(of.map((one, at) => (at === index ? { ...one, ...some } : one)));
  return (
    <ul className={classes.conditions} aria-label={t("exclusion.condition")}>
      {of.map((one, index) => (
        <li key={one.field} data-off={!one.enabled || undefined}>
          <Checkbox
            label={one.field}
            checked={one.enabled}
            onChange={(event) => set(index, { enabled: event.currentTarget.checked })}
          />
          <NativeSelect
            size="xs"
            aria-label={t("exclusion.operator_of", { field: one.field })}
            value={one.operator}
            onChange={(event) => set(index, { operator: event.currentTarget.value as Condition["operator"] })}
            data={OPERATORS.map((word) => ({ value: word, label: value("exclusion_operator", word) }))}
          />
          <TextInput
            size="xs"
            aria-label={t("exclusion.value_of", { field: one.field })}
            value={one.value}
            onChange={(event) => set(index, { value: event.currentTarget.value })}
          />
        </li>
      ))}
    </ul>
  );
}

const DAYS = ["30", "90", "365", ""] as const;

interface SaveProps {
  about: Body<"POST /exclusions/replay">;
  title: string;
  detection?: string;
  hidesTrue: boolean;
}

function Save({ about, title: proposed, detection, hidesTrue }: SaveProps) {
  const { t, field } = useText();
  const go = useGo();
  const [title, setTitle] = useState(proposed);
  const [reason, setReason] = useState("");
  const [acknowledgement, setAcknowledgement] = useState("");
  const [days, setDays] = useState("90");
  const create = useVerb("POST /exclusions", ["audit"]);
  const problem = create.error as Problem | null;
  const isReady = title.trim() && reason.trim() && (!hidesTrue || acknowledgement.trim());
  const save = () =>
    create.mutate(
      {
        body: {
          ...about,
          title,
          reason,
          acknowledgement: acknowledgement || undefined,
          from_detection_id: detection,
          expires_at: days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : undefined,
        } as Body<"POST /exclusions">,
      },
      { onSuccess: (made) => void go(`/exclusions/${made.id}`) },
    );
  return (
    <Section title={t("exclusion.save")}>
      <Stack gap="sm">
        <TextInput
          label={field("title", "exclusion")}
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={field("reason", "exclusion")}
          description={t("exclusion.reason_hint")}
          required
          autosize
          minRows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {hidesTrue && (
          <Textarea
            label={field("acknowledgement", "exclusion")}
            description={t("exclusion.acknowledgement_hint")}
            required
            autosize
            minRows={2}
            maxLength={1000}
            value={acknowledgement}
            onChange={(event) => setAcknowledgement(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label={t("exclusion.holds_for")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={DAYS.map((value) => ({
            value,
            label: value ? t("exclusion.days", { count: Number(value) }) : t("exclusion.for_ever"),
          }))}
        />
        {problem && (
          <Note tone="bad" role="alert" title={problem.title}>
            {problem.fields.map((one) => one.message).join(" ") || problem.detail}
          </Note>
        )}
        <Group justify="flex-end">
          <Button disabled={!isReady} loading={create.isPending} onClick={save}>
            {t("exclusion.save_draft")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
