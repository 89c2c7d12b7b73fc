/* Pack: what one shift leaves to the next, in the order in which it presses. */
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { useDuration, useShortTime } from "@/ui/clock-times";
import { To } from "@/ui/To";
import { useNumbers } from "@/ui/time";
import classes from "./Handover.module.css";

export type PackItem = NonNullable<Out<"GET /handover-draft">["items"]>[number];

const KINDS = ["due", "unanswered", "approval", "escalation", "call"] as const;

export function Pack({ items, at }: { items: PackItem[]; at: string }) {
  const { t, value } = useText();
  const number = useNumbers();
  const of = (kind: string) => items.filter((item) => item.kind === kind);
  const late = of("due").filter((item) => item.due_at && item.due_at < at).length;
  const shown = KINDS.filter((kind) => of(kind).length > 0 || kind === "due" || kind === "unanswered");
  return (
    <>
      <div className={classes.facts}>
        <div className={classes.fact} data-tone={late > 0 ? "bad" : undefined}>
          <b>{number(late)}</b>
          {t("handover.late")}
        </div>
        {shown.map((kind) => (
          <div key={kind} className={classes.fact}>
            <b>{number(of(kind).length)}</b>
            {value("handover_kind", kind)}
          </div>
        ))}
      </div>
      {shown.map((kind) => (
        <section key={kind} aria-label={value("handover_kind", kind)}>
          <h2>{value("handover_kind", kind)}</h2>
          {of(kind).length === 0 ? (
            <p>{t(`handover.none_${kind}`)}</p>
          ) : (
            <ol className={classes.list}>
              {of(kind).map((item) => (
                <Item key={`${item.ticket_id}/${item.detail ?? ""}`} item={item} at={at} />
              ))}
            </ol>
          )}
        </section>
      ))}
    </>
  );
}

function Item({ item, at }: { item: PackItem; at: string }) {
  const { t, value } = useText();
  const short = useShortTime();
  const duration = useDuration();
  const instant = item.due_at ?? item.since_at;
  const gap = instant ? (new Date(instant).getTime() - new Date(at).getTime()) / 1000 : 0;
  const isLate = Boolean(item.due_at) && gap < 0;
  const told = !instant
    ? ""
    : item.due_at
      ? t(isLate ? "clock.late_by" : "clock.left", { time: duration(gap) })
      : t("handover.waits", { time: duration(gap) });
  return (
    <li className={classes.item}>
      <div className={classes.when} data-late={isLate || undefined}>
        {instant && short(instant)}
        <small>{told}</small>
      </div>
      <div>
        <To to={`/tickets/${item.ticket_id}`}>
          <b className="y-num">{item.reference}</b>
        </To>
        {` ${item.subject}`}
        <span className={classes.quiet}>
          {[item.tenant_name, item.metric && value("metric", item.metric), item.detail].filter(Boolean).join(" · ")}
        </span>
      </div>
      <div>
        <b>{value("severity", item.severity)}</b>
        <span className={classes.quiet}>{item.assignee_name ?? t("handover.nobody")}</span>
      </div>
    </li>
  );
}

