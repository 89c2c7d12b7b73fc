/* ClockLedger: all that happened to a promise: when, what and why, who. Nothing is ever taken out of it. */
import { useId, useState, type ReactNode } from "react";
import { UnstyledButton } from "@mantine/core";
import { useText } from "@/text";
import { useGoal, type PromiseLine, type PromiseView } from "./clock-times";
import classes from "./Clock.module.css";
import { IconChevronDown, IconChevronRight } from "./icons";
import { ExactTime } from "./RelativeTime";

interface LedgerProps {
  view: PromiseView;
  /** What a page puts under a line: what can be done about it. */
  under?: (line: PromiseLine) => ReactNode;
}

export function ClockLedger({ view, under }: LedgerProps) {
  const { t, value } = useText();
  const goal = useGoal();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const lines = view.lines ?? [];
  const Turn = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <UnstyledButton
        className={classes.more}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Turn size={14} aria-hidden />
        {t("clock.ledger", { n: lines.length })}
      </UnstyledButton>
      <table className={classes.ledger} id={id} hidden={!isOpen}>
        <thead>
          <tr>
            <th scope="col">{t("clock.when")}</th>
            <th scope="col">{t("clock.what")}</th>
            <th scope="col">{t("clock.who")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.seq}>
              <td>
                <ExactTime at={line.at} />
              </td>
              <td>
                <b>{value("promise_event", line.event)}</b>
                {line.pace && <span className={classes.goal}>{goal(line)}</span>}
                <div>{value("cause", line.cause)}</div>
                {line.note && <div className={classes.note}>{line.note}</div>}
                {isOpen && under?.(line)}
              </td>
              <td>{line.actor_name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
