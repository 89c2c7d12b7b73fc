/* WhatIf: what a change would do, before it is saved. The server answers in pieces; they are added up here, with a bar
 * that says how far it is. Nothing is written by looking. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { call, type Body, type Out } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import { Note } from "./Note";
import { useShortTime } from "./clock-times";
import { To } from "./To";
import { useNumbers } from "./time";
import classes from "./WhatIf.module.css";

type Route = "POST /business-calendars/{id}/what-if" | "POST /promise-targets/what-if";
type Piece = Out<"POST /promise-targets/what-if">;
type Case = NonNullable<Piece["cases"]>[number];
type Month = NonNullable<Piece["months"]>[number];

interface Found {
  cases: Case[];
  months: Month[];
  lookedAt: number;
  total: number;
  isDone: boolean;
}

const NOTHING: Found = { cases: [], months: [], lookedAt: 0, total: 0, isDone: false };
const COUNTS = ["met_now", "missed_now", "met_then", "missed_then"] as const;
const SHOWN = 200;

function addMonths(months: Month[], more: Month[]): Month[] {
  const sums = new Map(months.map((month) => [`${month.month}/${month.severity}`, { ...month }]));
  for (const month of more) {
    const key = `${month.month}/${month.severity}`;
    const sum = sums.get(key);
    if (sum) for (const count of COUNTS) sum[count] += month[count];
    else sums.set(key, { ...month });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, month]) => month);
}

export function useWhatIf(route: Route, path?: { id: string }) {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useRef<AbortController | null>(null);
  useEffect(() => () => run.current?.abort(), []);

  const forget = () => {
    run.current?.abort();
    setFound(null);
    setProblem(null);
  };
  const look = async (body: Record<string, unknown>) => {
    forget();
    const mine = new AbortController();
    run.current = mine;
    let sum = NOTHING;
    setFound(sum);
    try {
      for (let cursor: string | undefined; ; ) {
        const piece = (await call(route, {
          path: path as never,
          body: { ...body, cursor } as unknown as Body<typeof route>,
          signal: mine.signal,
        })) as Piece;
        sum = {
          cases: [...sum.cases, ...(piece.cases ?? [])],
          months: addMonths(sum.months, piece.months ?? []),
          lookedAt: sum.lookedAt + piece.looked_at,
          total: piece.total ?? sum.total,
          isDone: !piece.next_cursor,
        };
        if (mine.signal.aborted) return;
        setFound(sum);
        if (!piece.next_cursor) return;
        cursor = piece.next_cursor;
      }
    } catch (failure) {
      if (!mine.signal.aborted) {
        setFound(null);
        setProblem(asProblem(failure));
      }
    }
  };
  return { found, problem, look, forget, stop: () => run.current?.abort() };
}

export function WhatIf({ of }: { of: ReturnType<typeof useWhatIf> }) {
  const { t } = useText();
  const number = useNumbers();
  const { found, problem } = of;
  if (problem)
    return (
      <Note tone="bad" role="alert" title={problem.title}>
        {problem.fields.map((field) => `${field.pointer} ${field.message}`).join(" ") || problem.detail}
      </Note>
    );
  if (!found) return null;
  const share = found.total ? Math.min(100, (100 * found.lookedAt) / found.total) : 0;
  const changed = found.months.filter(
    (month) => month.met_now !== month.met_then || month.missed_now !== month.missed_then,
  );
  return (
    <Stack gap="md" role="status">
      {!found.isDone && (
        <Group gap="sm" wrap="nowrap">
          <div className={classes.bar} style={{ flex: 1 }}>
            <div style={{ width: `${share}%` }} />
          </div>
          <Text size="sm" c="dimmed">
            {t("what_if.progress", { done: number(found.lookedAt), total: number(found.total) })}
          </Text>
          <Button size="xs" variant="default" onClick={of.stop}>
            {t("what_if.stop")}
          </Button>
        </Group>
      )}
      {found.isDone && found.cases.length === 0 && changed.length === 0 && (
        <Note tone="ok">{t("what_if.nothing", { count: number(found.lookedAt) })}</Note>
      )}
      {found.cases.length > 0 && <Cases cases={found.cases} />}
      {changed.length > 0 && <Months months={changed} />}
    </Stack>
  );
}

function Cases({ cases }: { cases: Case[] }) {
  const { t, value } = useText();
  const short = useShortTime();
  const number = useNumbers();
  const at = (due: string | null | undefined) => (due ? short(due) : t("what_if.paused"));
  const side = (one: Case) => (one.left_then_s < one.left_now_s || isSooner(one) ? "sooner" : "later");
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {t("what_if.cases", { count: number(cases.length) })}
      </Text>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t("what_if.case")}</th>
              <th>{t("field.tenant_id")}</th>
              <th>{t("what_if.promise")}</th>
              <th>{t("what_if.due_now")}</th>
              <th>{t("what_if.due_then")}</th>
            </tr>
          </thead>
          <tbody>
            {cases.slice(0, SHOWN).map((one) => (
              <tr key={`${one.ticket_id}/${one.metric}`}>
                <td>
                  <To to={`/tickets/${one.ticket_id}`}>{one.reference}</To> {one.subject}
                </td>
                <td>{one.tenant_name}</td>
                <td>{`${value("severity", one.severity)} · ${value("metric", one.metric)}`}</td>
                <td>{at(one.due_now)}</td>
                <td data-side={side(one)}>{at(one.due_then)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cases.length > SHOWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("what_if.first", { count: number(SHOWN) })}
        </Text>
      )}
    </div>
  );
}

const isSooner = (one: Case) => Boolean(one.due_now && one.due_then && one.due_then < one.due_now);

function Months({ months }: { months: Month[] }) {
  const { t, value } = useText();
  const number = useNumbers();
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {t("what_if.months")}
      </Text>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t("what_if.month")}</th>
              <th>{t("field.severity")}</th>
              <th>{t("what_if.met")}</th>
              <th>{t("what_if.missed")}</th>
            </tr>
          </thead>
          <tbody>
            {months.map((month) => (
              <tr key={`${month.month}/${month.severity}`}>
                <td>{month.month}</td>
                <td>{value("severity", month.severity)}</td>
                <td>{`${number(month.met_now)} → ${number(month.met_then)}`}</td>
                <td data-side={month.missed_then > month.missed_now ? "sooner" : "later"}>
                  {`${number(month.missed_now)} → ${number(month.missed_then)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
