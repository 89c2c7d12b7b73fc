/* Chart: bars over time or names; the same figures as a table, for who does not see bars. */
import { useComputedColorScheme } from "@mantine/core";
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import classes from "./Dashboard.module.css";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

interface ChartProps {
  title: string;
  at: string[];
  series: { name: string; values: number[]; colour: string }[];
  isStacked?: boolean;
}

export default function Chart({ title, at, series, isStacked }: ChartProps) {
  const { t } = useText();
  const isDark = useComputedColorScheme() === "dark";
  const place = useRef<HTMLDivElement>(null);
  const question = JSON.stringify([at, series]);
  useEffect(() => {
    if (!place.current || at.length === 0) return;
    const chart = init(place.current, isDark ? "dark" : undefined);
    chart.setOption({
      backgroundColor: "transparent",
      animation: false,
      tooltip: { trigger: "axis" },
      legend: { show: series.length > 1, bottom: 0 },
      grid: { left: 8, right: 8, top: 16, bottom: series.length > 1 ? 32 : 8, containLabel: true },
      xAxis: { type: "category", data: at },
      yAxis: { type: "value", minInterval: 1 },
      series: series.map((one) => ({
        type: "bar",
        name: one.name,
        data: one.values,
        itemStyle: { color: one.colour },
        ...(isStacked && { stack: "all" }),
      })),
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(place.current);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  }, [question, isDark, isStacked]);
  if (at.length === 0) return <EmptyState title={t("dashboard.nothing")} />;
  return (
    <>
      <div ref={place} className={classes.chart} role="img" aria-label={title} />
      <details>
        <summary>{t("dashboard.as_table")}</summary>
        <table className={classes.table}>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t("dashboard.what")}</th>
              {series.map((one) => (
                <th key={one.name} scope="col">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {at.map((when, row) => (
              <tr key={when}>
                <th scope="row">{when}</th>
                {series.map((one) => (
                  <td key={one.name} className="y-num">
                    {one.values[row]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
