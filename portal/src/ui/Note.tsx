/* Note: a word to the reader inside the page, in one of the tones; told at once to screen readers where it matters. */
import type { ReactNode } from "react";
import { IconAlertTriangle, IconCircleCheck, IconInfo, type Icon } from "./icons";
import classes from "./Note.module.css";
import type { Tone } from "./StatusBadge";

const SHAPES: Record<Tone, Icon> = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconAlertTriangle,
  info: IconInfo,
  mute: IconInfo,
};

interface NoteProps {
  tone: Tone;
  title?: string;
  role?: "status" | "alert";
  children?: ReactNode;
}

export function Note({ tone, title, role, children }: NoteProps) {
  const Shape = SHAPES[tone];
  return (
    <div className={classes.note} data-tone={tone} role={role}>
      <Shape size={17} aria-hidden />
      <div>
        {title && <div className={classes.title}>{title}</div>}
        {children && <div className={classes.body}>{children}</div>}
      </div>
    </div>
  );
}
