/* Facts: names and values of one object, in columns. */
import type { ReactNode } from "react";
import classes from "./Facts.module.css";

export type Fact = [label: string, value: ReactNode];

export function Facts({ of }: { of: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {of.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value === null || value === undefined || value === "" ? "–" : value}</dd>
        </div>
      ))}
    </dl>
  );
}
