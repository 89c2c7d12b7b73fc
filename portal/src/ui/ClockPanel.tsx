/* ClockPanel: one promise, for whoever may see the case: how it stands in one sentence, its bar, and its ledger. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "@/text";
import { ClockBar } from "./ClockBar";
import { ClockLedger } from "./ClockLedger";
import {
  targetOf,
  urgencyOf,
  useDuration,
  useGoal,
  useShortTime,
  type PromiseLine,
  type PromiseView,
  type Urgency,
} from "./clock-times";
import classes from "./Clock.module.css";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock, IconPause, type Icon } from "./icons";
import { useClock, useNow } from "./time";

type Look = Urgency | "met" | "missed" | "paused";

const SHAPES: Record<Look, Icon> = {
  calm: IconClock,
  soon: IconAlertTriangle,
  late: IconCircleX,
  met: IconCircleCheck,
  missed: IconCircleX,
  paused: IconPause,
};

interface PanelProps {
  view: PromiseView;
  hasOthers: boolean;
  under?: (line: PromiseLine) => ReactNode;
  children?: ReactNode;
}

export function ClockPanel({ view, hasOthers, under, children }: PanelProps) {
  const { t, value } = useText();
  const { look, sentence, detail } = useSaid(view);
  const Shape = SHAPES[look];
  const metric = value("metric", view.metric);
  return (
    <article className={classes.panel}>
      <div className={classes.said} data-look={look}>
        <Shape size={18} stroke={1.9} aria-hidden />
        <div>
          <Text fw={600} size="sm">
            {sentence}
          </Text>
          <Text size="xs" c="dimmed">
            {hasOthers && view.cycle > 1 ? t("clock.cycle", { n: view.cycle, detail }) : detail}
          </Text>
        </div>
      </div>
      <ClockBar view={view} label={t("clock.bar", { metric })} />
      {children}
      <ClockLedger view={view} under={under} />
    </article>
  );
}

/* How it stands, in the words one would use on the phone. */
function useSaid(view: PromiseView): { look: Look; sentence: string; detail: string } {
  const { t, value } = useText();
  const short = useShortTime();
  const { timeZone } = useClock();
  const duration = useDuration();
  const now = useNow();
  const metric = value("metric", view.metric);
  const target = targetOf(view);
  const isBusiness = target?.pace !== "around_the_clock";
  const goal = useGoal()(target);
  if (view.state === "met" || view.state === "missed") {
    const used = { metric, time: duration(view.elapsed_s), over: duration(view.remaining_s) };
    const at = view.stopped_at ? short(view.stopped_at) : "";
    return {
      look: view.state,
      sentence: t(`clock.${view.state}`, used),
      detail: t("clock.used", { ...used, goal, at }),
    };
  }
  if (view.state === "paused") {
    const sentence = t("clock.paused", { metric });
    return {
      look: "paused",
      sentence,
      detail: t("clock.paused_left", { time: duration(view.remaining_s), goal }),
    };
  }
  const due = view.due_at ? Date.parse(view.due_at) : now;
  const left = (due - now) / 1000;
  // In business time the share that counts is the server's; around the clock it is the time that passes here.
  const urgency = urgencyOf(left < 0 ? left : isBusiness ? view.remaining_s : left, view.allowance_s);
  return {
    look: urgency,
    sentence: t(urgency === "late" ? "clock.says_late" : "clock.says_left", { metric, time: duration(left) }),
    detail: t("clock.due_and_goal", { at: short(due), zone: timeZone, goal }),
  };
}
