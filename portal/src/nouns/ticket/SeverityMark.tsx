/* SeverityMark: the letter people use, its meaning, and whether it is decided or only proposed. */
import { useText } from "@/text";
import { Hint } from "@/ui/Hint";
import classes from "./SeverityMark.module.css";

interface Graded {
  severity: "a" | "b" | "c" | null;
  severity_decided: boolean;
}

export function SeverityMark({ of }: { of: Graded }) {
  const { t, value } = useText();
  if (!of.severity) return null;
  return (
    <Hint label={t(of.severity_decided ? "ticket.severity_decided" : "ticket.severity_proposed")}>
      <span
        className={classes.mark}
        data-severity={of.severity}
        data-proposed={!of.severity_decided || undefined}
      >
        <b>{of.severity.toUpperCase()}</b>
        {value("severity_word", of.severity)}
      </span>
    </Hint>
  );
}
