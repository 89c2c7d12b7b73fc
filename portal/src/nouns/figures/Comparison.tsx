/* Comparison: customers beside each other, the worst first. */
import { useText } from "@/text";
import { useDuration } from "@/ui/clock-times";
import { To } from "@/ui/To";
import { useNumbers } from "@/ui/time";
import classes from "./FiguresPage.module.css";
import { percent, rate, sum, type Row } from "./sums";

export default function Comparison({ rows, month }: { rows: Row[]; month: string }) {
  const { t, value, language } = useText();
  const number = useNumbers();
  const duration = useDuration();
  const tenants = [...new Map(rows.map((row) => [row.tenant_id, row.tenant_name])).entries()]
    .map(([id, name]) => ({ id, name, rows: rows.filter((row) => row.tenant_id === id) }))
    .sort((a, b) => (rate(sum(a.rows)) ?? 2) - (rate(sum(b.rows)) ?? 2));
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>{t("field.tenant_id")}</th>
          <th>{t("figures.rate")}</th>
          <th>{value("kept", "met")}</th>
          <th>{value("kept", "missed")}</th>
          <th>{value("kept", "open")}</th>
          {["a", "b", "c"].map((severity) => (
            <th key={severity}>{t("figures.median_of", { severity: severity.toUpperCase() })}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tenants.map((tenant) => {
          const all = sum(tenant.rows);
          return (
            <tr key={tenant.id}>
              <td>
                <To to={`/figures?month=${month}&tenant=${tenant.id}`}>{tenant.name}</To>
              </td>
              <td>{percent(rate(all), language)}</td>
              <td>{number(all.met)}</td>
              <td data-bad={all.missed > 0 || undefined}>{number(all.missed)}</td>
              <td>{number(all.open)}</td>
              {["a", "b", "c"].map((severity) => {
                const median = tenant.rows.find((row) => row.severity === severity)?.median_s;
                return <td key={severity}>{typeof median === "number" ? duration(median) : "–"}</td>;
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
