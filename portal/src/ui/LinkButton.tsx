/* LinkButton: a link that looks like the button it stands beside. */
import type { ReactNode } from "react";
import type { Icon } from "./icons";
import { To } from "./To";
import classes from "./LinkButton.module.css";

export function LinkButton({ to, icon: Picture, children }: { to: string; icon: Icon; children: ReactNode }) {
  return (
    <To to={to} className={classes.button} underline="never">
      <Picture size={16} aria-hidden />
      {children}
    </To>
  );
}
