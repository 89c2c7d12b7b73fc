/* Tiles: one per severity: how much was kept, and how fast. */
import { useText } from "@/text";
import { useDuration } from "@/ui/clock-times";
import { useNumbers } from "@/ui/time";
import classes from "./FiguresPage.module.css";
import { percent, rate, sum, type Count, type Row } from "./sums";

/* Times are those of one customer alone: a median of medians would be none. */
export function Tiles({ counts, times }: { counts: Count[]; times?: Row[] }) {
  const { value, language, t } = useText();
  const number = useNumbers();
  return (
    <div className={classes.tiles}>
      {["a", "b", "c"].map((severity) => {
        const all = sum(counts.filter((row) => row.severity === severity));
        return (
          <section key={severity} className={classes.tile} aria-label={value("severity", severity)}>
            <h3>{t("figures.severity", { name: value("severity", severity) })}</h3>
            <div className={classes.rate}>{percent(rate(all), language)}</div>
            <div className={classes.counts}>
              <span>{`${value("kept", "met")} ${number(all.met)}`}</span>
              <b data-kind={all.missed > 0 ? "missed" : undefined}>
                {`${value("kept", "missed")} ${number(all.missed)}`}
              </b>
              <span>{`${value("kept", "open")} ${number(all.open)}`}</span>
            </div>
            {times && <Times row={times.find((row) => row.severity === severity)} />}
          </section>
        );
      })}
    </div>
  );
}

function Times({ row }: { row: Row | undefined }) {
  const { t } = useText();
  const duration = useDuration();
  const said = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? "–" : duration(seconds);
  return (
    <dl className={classes.times} style={{ margin: "10px 0 0" }}>
      <div>
        <dt>{t("figures.median")}</dt>
        <dd style={{ margin: 0 }}>{said(row?.median_s)}</dd>
      </div>
      <div>
        <dt>{t("figures.p95")}</dt>
        <dd style={{ margin: 0 }}>{said(row?.p95_s)}</dd>
      </div>
    </dl>
  );
}
