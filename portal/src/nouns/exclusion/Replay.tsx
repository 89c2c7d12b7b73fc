/* Replay: what an exclusion would have hidden of the stored detections. True positives stand first and are marked. */
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { To } from "@/ui/To";
import classes from "./Exclusions.module.css";

export type Replayed = Out<"POST /exclusions/replay">;

export function Replay({ of }: { of: Replayed }) {
  const { t, language } = useText();
  const tone = of.true_positives ? "bad" : of.hidden ? "warn" : "info";
  return (
    <>
      <Note
        tone={tone}
        role="status"
        title={t("exclusion.replayed", { hidden: of.hidden, examined: of.examined, days: of.days })}
      >
        {t("exclusion.replayed_more", { occurrences: of.hidden_occurrences, tenants: of.tenants })}
        {of.true_positives > 0 && (
          <p className={classes.bad}>{t("exclusion.hides_true", { count: of.true_positives })}</p>
        )}
        {of.bounded && <p>{t("exclusion.bounded")}</p>}
      </Note>
      {(of.samples ?? []).length > 0 && (
        <ul className={classes.samples}>
          {(of.samples ?? []).map((one) => (
            <li key={one.id}>
              <Score of={one.score} isShort />
              <span>
                <To to={`/detections/${one.id}`}>{(language === "ja" && one.title_ja) || one.title}</To>
                <small>{[one.tenant_name, one.computer_name, one.command_line].filter(Boolean).join(" · ")}</small>
              </span>
              {one.verdict ? (
                <StatusBadge
                  field="verdict"
                  word={one.verdict}
                  tone={one.verdict === "true_positive" ? "bad" : "ok"}
                />
              ) : (
                <StatusBadge field="detection_status" word={one.status} />
              )}
              <RelativeTime at={one.last_at} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
