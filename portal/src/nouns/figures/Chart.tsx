/* Chart: what was kept and missed, month by month, as stacked bars; the numbers stand in the title of each. */
import { useText } from "@/text";
import { useNumbers } from "@/ui/time";
import classes from "./FiguresPage.module.css";
import { monthsUpTo, sum, type Count } from "./sums";

const KINDS = ["met", "missed", "open"] as const;
const [WIDTH, HEIGHT, FOOT] = [720, 180, 34];

export function Chart({ rows, month, count }: { rows: Count[]; month: string; count: number }) {
  const { t, value } = useText();
  const number = useNumbers();
  const bars = monthsUpTo(month, count).map((name) => ({
    name,
    ...sum(rows.filter((row) => row.month === name)),
  }));
  const most = Math.max(1, ...bars.map((bar) => bar.met + bar.missed + bar.open));
  const step = WIDTH / count;
  return (
    <div>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`}
        role="img"
        aria-label={t("figures.chart")}
      >
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--y-line-strong)" />
        {bars.map((bar, index) => {
          let top = HEIGHT;
          const words = KINDS.map((kind) => `${value("kept", kind)} ${number(bar[kind])}`).join(", ");
          return (
            <g key={bar.name}>
              <title>{`${bar.name}: ${words}`}</title>
              {KINDS.map((kind) => {
                const height = (bar[kind] / most) * (HEIGHT - 18);
                top -= height;
                return (
                  <rect
                    key={kind}
                    className={classes[kind]}
                    x={index * step + step * 0.25}
                    y={top}
                    width={step * 0.5}
                    height={height}
                  />
                );
              })}
              <text x={index * step + step / 2} y={top - 5} textAnchor="middle">
                {bar.met + bar.missed + bar.open > 0 ? number(bar.met + bar.missed + bar.open) : ""}
              </text>
              <text x={index * step + step / 2} y={HEIGHT + 20} textAnchor="middle">
                {bar.name}
              </text>
            </g>
          );
        })}
      </svg>
      <div className={classes.legend}>
        {KINDS.map((kind) => (
          <span key={kind}>
            <i data-kind={kind} aria-hidden />
            {value("kept", kind)}
          </span>
        ))}
      </div>
    </div>
  );
}
