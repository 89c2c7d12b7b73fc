/* RuleEditPage: the text of a rule, looked at while it is written: what is wrong in which line, what it is about, how
 * its tests fare, and why it matches an event or does not. */
import { Button, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { call, type Body, type Out } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { ConditionTree, type ConditionPart } from "@/ui/ConditionTree";
import { ErrorState } from "@/ui/ErrorState";
import { Facts } from "@/ui/Facts";
import { useGo, useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { Score } from "@/ui/Score";
import { Tags } from "@/ui/Tags";
import classes from "./Rules.module.css";
import { STATES } from "./states";

const Rehearse = lazy(() => withText(["hunt"], import("./Rehearse")));
const LookupOne = lazy(() => import("@/ui/Lookup").then((part) => ({ default: part.LookupOne })));

type Rule = Out<"GET /rules/{id}">;
type Check = Out<"POST /rules/check">;

const START = `title: ...
id: ${crypto.randomUUID()}
status: experimental
description: ...
tags:
    - attack.execution
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains: ''
    condition: selection
level: medium
`;

export default function RuleEditPage() {
  const id = useParam("id");
  return id ? <Change id={id} /> : <Editor />;
}

function Change({ id }: { id: string }) {
  const rule = useRead("GET /rules/{id}", { path: { id } });
  return <Loaded of={rule}>{(row) => <Editor rule={row} />}</Loaded>;
}

function parsed(text: string): unknown {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Editor({ rule }: { rule?: Rule }) {
  const { t } = useText();
  const { may } = useSession();
  const [body, setBody] = useState(rule?.body ?? START);
  const [tests, setTests] = useState(rule?.tests ? JSON.stringify(rule.tests, null, 2) : "");
  const [asked] = useDebouncedValue({ body, tests }, 300);
  const isBrokenJson = parsed(asked.tests) === null;
  const check = useQuery<Check, Problem>({
    queryKey: ["rules", "check", asked.body, asked.tests],
    queryFn: ({ signal }) =>
      call("POST /rules/check", {
        body: { body: asked.body, tests: isBrokenJson ? undefined : parsed(asked.tests) } as Body<"POST /rules/check">,
        signal,
      }),
    enabled: asked.body.trim() !== "",
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={t(rule ? "rule.edit_title" : "page.rule_new")}
      lead={t("rule.edit_lead")}
      back={rule ? { to: `/rules/${rule.id}`, title: rule.title } : { to: "/rules", title: t("page.rules") }}
    >
      <div className={classes.halves}>
        <div className={classes.editor}>
          <Textarea
            label={t("rule.body")}
            autosize
            minRows={18}
            maxRows={40}
            value={body}
            spellCheck={false}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          <Textarea
            label={t("rule.tests")}
            description={t("rule.tests_hint")}
            autosize
            minRows={4}
            maxRows={20}
            value={tests}
            spellCheck={false}
            error={isBrokenJson ? t("rule.tests_broken") : undefined}
            onChange={(event) => setTests(event.currentTarget.value)}
          />
          <Save rule={rule} body={body} tests={parsed(tests)} isReady={Boolean(check.data?.ok) && !isBrokenJson} />
        </div>
        <div>
          <Section title={t("rule.check")}>
            {check.error ? (
              <ErrorState error={check.error} />
            ) : check.data ? (
              <Findings of={check.data} />
            ) : (
              t("state.loading")
            )}
          </Section>
          <Explain body={body} />
          {may("hunts:use") && (
            <Suspense>
              <Rehearse body={body} isReady={Boolean(check.data?.ok)} />
            </Suspense>
          )}
        </div>
      </div>
    </Page>
  );
}

function Findings({ of }: { of: Check }) {
  const { t, field, value } = useText();
  const troubles = of.troubles ?? [];
  const failed = (of.results ?? []).filter((one) => !one.passed);
  return (
    <>
      <Note tone={of.ok ? "ok" : "bad"} role="status" title={t(of.ok ? "rule.fine" : "rule.wrong")}>
        {troubles.length > 0 && (
          <ul className={classes.list}>
            {troubles.map((one, index) => (
              <li key={index}>{one.line ? t("rule.line", { line: one.line, reason: one.reason }) : one.reason}</li>
            ))}
          </ul>
        )}
      </Note>
      {of.ok && (
        <Facts
          of={[
            [field("score", "rule"), <Score key="s" of={of.score} />],
            [
              field("tactics", "rule"),
              <Tags key="t" of={(of.tactics ?? []).map((one) => value("tactic", one))} max={4} />,
            ],
            [field("techniques", "rule"), <Tags key="x" of={of.techniques} max={6} />],
            [t("rule.reads"), <Tags key="f" of={of.fields} max={8} />],
          ]}
        />
      )}
      {of.passed + of.failed > 0 && (
        <Note
          tone={of.failed ? "warn" : "ok"}
          role="status"
          title={t("rule.tests_told", { passed: of.passed, failed: of.failed })}
        >
          {failed.length > 0 && (
            <ul className={classes.list}>
              {failed.map((one) => (
                <li key={`${one.expected}${one.index}`} data-bad>
                  {t(`rule.test_failed.${one.expected}`, { nth: one.index + 1 })} {one.problem}
                </li>
              ))}
            </ul>
          )}
        </Note>
      )}
    </>
  );
}

function Explain({ body }: { body: string }) {
  const { t } = useText();
  const [event, setEvent] = useState("");
  const explain = useVerb("POST /rules/explain");
  const answer = explain.data;
  const problem = explain.error ? asProblem(explain.error) : null;
  return (
    <Section title={t("rule.explain")} lead={t("rule.explain_lead")}>
      <div className={classes.editor}>
        <Textarea
          label={t("rule.event")}
          autosize
          minRows={3}
          maxRows={12}
          value={event}
          spellCheck={false}
          error={problem?.fields[0]?.message ?? problem?.title}
          onChange={(change) => setEvent(change.currentTarget.value)}
        />
      </div>
      <Group mt="xs" mb="sm">
        <Button
          size="xs"
          variant="default"
          disabled={!event.trim()}
          loading={explain.isPending}
          onClick={() => explain.mutate({ body: { body, event } })}
        >
          {t("rule.explain_run")}
        </Button>
      </Group>
      {answer && (
        <>
          <Note
            tone={answer.matches ? "ok" : "mute"}
            role="status"
            title={t(answer.matches ? "rule.matches" : "rule.matches_not")}
          >
            {answer.note && t(`rule.note.${answer.note}`)}
          </Note>
          {Boolean(answer.tree) && <ConditionTree of={answer.tree as ConditionPart} />}
        </>
      )}
    </Section>
  );
}

function Save({ rule, body, tests, isReady }: { rule?: Rule; body: string; tests: unknown; isReady: boolean }) {
  const { t, value, field } = useText();
  const go = useGo();
  const { isProvider } = useSession();
  const [note, setNote] = useState("");
  const [state, setState] = useState("draft");
  const [tenant, setTenant] = useState<string | null>(null);
  const create = useVerb("POST /rules", ["audit"]);
  const change = useVerb("PUT /rules/{id}", ["audit"]);
  const problem = (create.error ?? change.error) as Problem | null;
  const words = { body, note: note || undefined, tests: tests ?? undefined };
  const done = (id: string) => {
    notifyDone(t("state.saved"));
    void go(`/rules/${id}`);
  };
  const save = () =>
    rule
      ? change.mutate(
          { path: { id: rule.id }, version: rule.version, body: words as Body<"PUT /rules/{id}"> },
          { onSuccess: () => done(rule.id) },
        )
      : create.mutate(
          { body: { ...words, state, tenant_id: tenant ?? undefined } as Body<"POST /rules"> },
          { onSuccess: (made) => done(made.id) },
        );
  return (
    <>
      {!rule && (
        <Group grow align="flex-start">
          <NativeSelect
            label={field("state")}
            value={state}
            onChange={(event) => setState(event.currentTarget.value)}
            data={STATES.map((word) => ({ value: word, label: value("rule_state", word) }))}
          />
          {isProvider && (
            <Suspense>
              <LookupOne
                name="tenant_id"
                label={field("tenant_id", "rule")}
                placeholder={t("rule.everybody")}
                query={{ kind: "customer" }}
                value={tenant}
                onChange={setTenant}
              />
            </Suspense>
          )}
        </Group>
      )}
      <TextInput
        label={field("note", "rule")}
        value={note}
        maxLength={1000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {problem && (
        <Refusal of={problem}>{problem.fields.map((one) => one.message).join(" ") || problem.detail}</Refusal>
      )}
      <Group justify="flex-end">
        <Button disabled={!isReady} loading={create.isPending || change.isPending} onClick={save}>
          {t("action.save")}
        </Button>
      </Group>
    </>
  );
}

const Refusal = ({ of, children }: { of: Problem; children: ReactNode }) => (
  <Note tone="bad" role="alert" title={of.title}>
    {children}
  </Note>
);
