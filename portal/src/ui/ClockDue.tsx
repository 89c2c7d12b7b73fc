/* ClockDue: how long until a deadline. Its shape and its words say what its colour says. */
import { useText } from "@/text";
import { urgencyOf, useDuration, type Urgency } from "./clock-times";
import classes from "./Clock.module.css";
import { Hint } from "./Hint";
import { IconAlertTriangle, IconCircleX, IconClock, type Icon } from "./icons";
import { useClock, useNow } from "./time";

const SHAPES: Record<Urgency, Icon> = { calm: IconClock, soon: IconAlertTriangle, late: IconCircleX };

export function ClockDue({ since, due }: { since: string | null; due: string }) {
  const { t } = useText();
  const clock = useClock();
  const duration = useDuration();
  const now = useNow();
  const end = Date.parse(due);
  const urgency = urgencyOf(end - now, end - Date.parse(since ?? due));
  const Shape = SHAPES[urgency];
  const time = duration((end - now) / 1000);
  return (
    <Hint label={t("clock.due_at", { at: clock.exact(due) })}>
      <time dateTime={due} className={classes.due} data-urgency={urgency}>
        <Shape size={14} stroke={2} aria-hidden />
        {t(urgency === "late" ? "clock.late_by" : "clock.left", { time })}
      </time>
    </Hint>
  );
}
