/* ProcessDeeds: one process of the tree: who it is, and what it did in order of time. */
import { useText } from "@/text";
import { kindKey } from "@/ui/event-kinds";
import { Facts } from "@/ui/Facts";
import { ExactTime } from "@/ui/RelativeTime";
import { programOf, sameProcess, type Action, type Process } from "./process-tree";
import classes from "./Trace.module.css";

export function ProcessDeeds({ of, actions }: { of: Process; actions: Action[] }) {
  const { t, value } = useText();
  const own = actions.filter((one) => sameProcess(one.guid, of.guid));
  const mono = (text: string | null | undefined) => text && <span className="y-mono">{text}</span>;
  return (
    <div className={classes.deeds} role="group" aria-label={programOf(of.image) ?? t("trace.unknown")}>
      <h3>{programOf(of.image) ?? t("trace.unknown")}</h3>
      <Facts
        of={[
          [t("trace.image"), mono(of.image)],
          [t("trace.command_line"), mono(of.command_line)],
          [t("trace.user"), of.user],
          [t("trace.signer"), of.signer],
          [t("trace.started"), of.started_at && <ExactTime at={of.started_at} />],
          [t("trace.ended"), of.ended_at && <ExactTime at={of.ended_at} />],
          [t("trace.pid"), of.process_id || null],
          [t("trace.sha256"), mono(of.sha256)],
        ]}
      />
      <h3>{t("trace.did")}</h3>
      {own.length === 0 ? (
        <p className={classes.none}>{t("trace.did_nothing")}</p>
      ) : (
        <ol className={classes.actions} tabIndex={0} aria-label={t("trace.did")}>
          {own.map((one, at) => (
            <li key={at}>
              <ExactTime at={one.at} />
              <span className={classes.kind}>{value("event_kind", kindKey(one.kind))}</span>
              <span className="y-mono">{one.summary}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
