/* Tags: a few short names in one cell; the rest on hover. */
import { Hint } from "./Hint";
import classes from "./Tags.module.css";

export function Tags({ of, max = 2 }: { of: string[] | null | undefined; max?: number }) {
  const all = of ?? [];
  const rest = all.slice(max);
  return (
    <span className={classes.tags}>
      {all.slice(0, max).map((one) => (
        <span key={one} className={classes.tag}>
          {one}
        </span>
      ))}
      {rest.length > 0 && (
        <Hint label={rest.join(", ")}>
          <span className={classes.tag}>+{rest.length}</span>
        </Hint>
      )}
    </span>
  );
}

export function TwoLines({
  first,
  second,
}: {
  first: string | null | undefined;
  second: string | null | undefined;
}) {
  return (
    <span className={classes.two}>
      <span>{first}</span>
      {second && <small>{second}</small>}
    </span>
  );
}
