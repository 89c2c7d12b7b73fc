/* Steps: a chain as one reads it: who, from which mark on, how, and after how much silence. */
import { useText } from "@/text";
import { useOptions } from "@/ui/options";
import type { Step } from "./model";
import classes from "./Steps.module.css";
import { useSetName } from "./sets";

export function Steps({ of }: { of: Step[] }) {
  return (
    <ol className={classes.steps}>
      {of.map((step, index) => (
        <StepLine key={index} step={step} isFirst={index === 0} />
      ))}
    </ol>
  );
}

function StepLine({ step, isFirst }: { step: Step; isFirst: boolean }) {
  const { t, value } = useText();
  const who = useWho(step);
  const ways = (["portal", "mail", "webhook"] as const).filter((way) => step[way]);
  const delay =
    isFirst || !step.delay_minutes
      ? t("escalation_chain.at_once")
      : t("escalation_chain.after", { minutes: step.delay_minutes });
  return (
    <li className={classes.step}>
      <b>{who}</b>
      <span>
        {t("escalation_chain.from", { mark: value("escalation_mark", String(step.from_mark ?? 50)) })}
        {" · "}
        {delay}
        {" · "}
        {ways.map((way) => value("escalation_way", way)).join(t("escalation_chain.and"))}
        {step.hours !== "always" && ` · ${value("escalation_hours", step.hours)}`}
      </span>
    </li>
  );
}

function useWho(step: Step): string {
  const { value, t } = useText();
  const nameOfSet = useSetName();
  const { options } = useOptions("assignee_id");
  if (step.who === "permission_set") return nameOfSet(step.set_key ?? "");
  if (step.who !== "people") return value("escalation_who", step.who);
  const names = (step.people ?? []).map((id) => options.find((one) => one.value === id)?.label ?? "…");
  return names.join(t("escalation_chain.and"));
}
