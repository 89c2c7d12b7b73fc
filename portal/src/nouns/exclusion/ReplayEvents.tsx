/* ReplayEvents: what an exclusion would have hidden of the stored events, and how many of them were looked at. */
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { To } from "@/ui/To";
import { useNumbers } from "@/ui/time";
import classes from "./Exclusions.module.css";
import type { Replayed } from "./Replay";

export function ReplayEvents({ of }: { of: Replayed }) {
  const { t } = useText();
  const number = useNumbers();
  const count = { looked: number(of.events_looked ?? 0), stored: number(of.events_stored ?? 0) };
  const isTrue = (of.event_true_positives ?? 0) > 0;
  const samples = of.event_samples ?? [];
  return (
    <>
      <Note
        tone={isTrue ? "bad" : of.events_hidden ? "warn" : "info"}
        role="status"
        title={t("exclusion.events_hidden", {
          hidden: number(of.events_hidden ?? 0),
          computers: number(of.event_computers ?? 0),
        })}
      >
        {t(of.events_bounded ? "exclusion.events_some" : "exclusion.events_all", count)}
        {isTrue && <p className={classes.bad}>{t("exclusion.events_true", { count: of.event_true_positives ?? 0 })}</p>}
      </Note>
      {samples.length > 0 && (
        <ul className={classes.samples} aria-label={t("exclusion.events")}>
          {samples.map((one) => (
            <li key={`${one.batch_id}/${one.event_index}`}>
              <span />
              <span>
                {one.is_true && one.detection_id ? (
                  <To to={`/detections/${one.detection_id}`}>{one.summary || one.process_path || one.host}</To>
                ) : (
                  one.summary || one.process_path || one.host
                )}
                <small>{[one.host, one.user_name, one.process_path].filter(Boolean).join(" · ")}</small>
              </span>
              {one.is_true ? <StatusBadge field="verdict" word="true_positive" tone="bad" /> : <span />}
              <RelativeTime at={one.at} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
