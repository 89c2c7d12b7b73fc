/* ClockBar: a promise as a bar in which every minute since its start has a kind and a reason. Point at a part, or
 * reach it with the keyboard, and the line beneath explains it. The line stays, so that nothing moves under a hand. */
import { useState } from "react";
import { useText } from "@/text";
import { partsOf, useDuration, useShortTime, type Part, type PromiseView } from "./clock-times";
import classes from "./Clock.module.css";

export function ClockBar({ view, label }: { view: PromiseView; label: string }) {
  const { t } = useText();
  const explain = useExplain();
  const parts = partsOf(view);
  const [chosen, choose] = useState<number | null>(null);
  const shown = parts[chosen ?? -1];
  return (
    <div>
      <ol className={classes.bar} data-state={view.state} aria-label={label}>
        {parts.map((part, index) => (
          <li key={index} style={{ flexGrow: Math.max(part.end - part.start, 1) }}>
            <button
              type="button"
              className={classes.part}
              data-kind={part.kind}
              data-chosen={index === chosen || undefined}
              aria-label={explain(part)}
              onMouseEnter={() => choose(index)}
              onFocus={() => choose(index)}
              onClick={() => choose(index)}
            />
          </li>
        ))}
      </ol>
      <Ends view={view} parts={parts} />
      <p className={classes.explained} role="status">
        {shown ? explain(shown) : t("clock.point")}
      </p>
    </div>
  );
}

/* The first and the last instant of the bar, under its ends. */
function Ends({ view, parts }: { view: PromiseView; parts: Part[] }) {
  const { t } = useText();
  const short = useShortTime();
  const last = parts.at(-1);
  const isOpen = view.state === "running" || view.state === "paused";
  return (
    <p className={classes.ends}>
      <span>{short(view.started_at)}</span>
      {last && (
        <span>
          {isOpen && last.kind !== "left"
            ? t("clock.now", { at: short(last.end) })
            : t(isOpen ? "clock.until" : "clock.stopped", { at: short(last.end) })}
        </span>
      )}
    </p>
  );
}

function useExplain() {
  const { t, value } = useText();
  const short = useShortTime();
  const duration = useDuration();
  return (part: Part): string => {
    const what = t(`clock.part.${part.kind}`, {
      time: duration((part.end - part.start) / 1000),
      from: short(part.start),
      until: short(part.end),
    });
    if (!part.line || part.kind === "out_of_hours" || part.kind === "left") return what;
    const why = t("clock.because", { cause: value("cause", part.line.cause), who: part.line.actor_name });
    return [what, why, part.line.note].filter(Boolean).join(" ");
  };
}
