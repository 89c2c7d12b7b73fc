/* ConditionTree: why a rule matched, or did not: its condition part by part with what was true of the event. */
import { useText } from "@/text";
import classes from "./ConditionTree.module.css";
import { IconCircleCheck, IconCircleX } from "./icons";

export interface ConditionPart {
  kind: "and" | "or" | "not" | "test";
  holds: boolean;
  label?: string;
  field?: string;
  what?: string;
  value?: string;
  parts?: ConditionPart[];
  left?: number;
}

export function ConditionTree({ of }: { of: ConditionPart }) {
  return (
    <ul className={classes.tree}>
      <Part of={of} />
    </ul>
  );
}

function Part({ of }: { of: ConditionPart }) {
  const { t } = useText();
  const Mark = of.holds ? IconCircleCheck : IconCircleX;
  return (
    <li>
      <div className={classes.line} data-holds={of.holds || undefined}>
        <Mark size={15} aria-label={t(of.holds ? "condition.holds" : "condition.fails")} role="img" />
        <span>{of.kind === "test" ? <Test of={of} /> : <Joint of={of} />}</span>
      </div>
      {of.parts && (
        <ul>
          {of.parts.map((part, index) => (
            <Part key={index} of={part} />
          ))}
          {Boolean(of.left) && <li className={classes.what}>{t("condition.left", { count: of.left })}</li>}
        </ul>
      )}
    </li>
  );
}

function Joint({ of }: { of: ConditionPart }) {
  const { t } = useText();
  return (
    <>
      {of.label && <b>{`${of.label} `}</b>}
      <span className={classes.what}>{t(`condition.${of.kind}`)}</span>
    </>
  );
}

/* How the engine says what is asked, and how people read it; numbers and parts of times stay as they are. */
const ASKED: [said: string, key: string][] = [
  ["has a value", "has"],
  ["contains ", "contains"],
  ["equals ", "equals"],
  ["begins with ", "begins"],
  ["ends with ", "ends"],
  ["fits ", "fits"],
  ["matches ", "matches"],
  ["is an address of ", "address"],
  ["is absent or null", "absent"],
  ["exists", "exists"],
];

function useAsked(what = "") {
  const { t } = useText();
  const found = ASKED.find(([said]) => what.startsWith(said));
  return found ? t(`condition.asks.${found[1]}`, { what: what.slice(found[0].length) }) : what;
}

function Test({ of }: { of: ConditionPart }) {
  const { t } = useText();
  const asked = useAsked(of.what);
  return (
    <>
      <b>{of.field}</b> <span className={classes.what}>{asked}</span>{" "}
      {of.value === undefined ? (
        <span className={classes.what}>{t("condition.absent")}</span>
      ) : (
        <span className={classes.value}>{of.value}</span>
      )}
    </>
  );
}
