/* Score: how grave something is, as a number with its band: 1-39 low, 40-69 a warning, 70-100 a threat. The band is
 * said in words, too: nobody needs the colour. */
import { useText } from "@/text";
import classes from "./Score.module.css";

export type Band = "low" | "warning" | "threat";
export const bandOf = (score: number): Band => (score >= 70 ? "threat" : score >= 40 ? "warning" : "low");

export function Score({ of, isShort }: { of: number | null | undefined; isShort?: boolean }) {
  const { value } = useText();
  if (!of) return null;
  const band = bandOf(of);
  const word = value("score_band", band);
  return (
    <span className={classes.score} data-band={band} title={isShort ? word : undefined}>
      <b>{of}</b>
      {!isShort && word}
    </span>
  );
}
