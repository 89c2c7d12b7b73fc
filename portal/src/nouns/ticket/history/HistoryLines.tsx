/* HistoryLines: who did what in a case, as sentences, with what was before and what came after. */
import type { Item } from "@/api/client";
import { useText } from "@/text";
import { IconEyeOff } from "@/ui/icons";
import { ExactTime } from "@/ui/RelativeTime";
import classes from "./History.module.css";

export type Line = Item<"GET /tickets/{id}/history">;
type Change = [before: unknown, after: unknown];

/* Members whose values are words of a domain. */
const DOMAINS: Record<string, string> = { status: "ticket_status", severity: "severity" };
/* What says nothing beside the sentence. */
const SILENT = ["cycle"];

export function HistoryLines({ lines }: { lines: Line[] }) {
  return (
    <ol className={classes.lines}>
      {lines.map((line) => (
        <li key={line.id} data-internal={line.internal || undefined}>
          <ExactTime at={line.at} />
          <div>
            <Sentence line={line} />
            <Changes of={line.change as Record<string, Change> | null} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Sentence({ line }: { line: Line }) {
  const { t, value } = useText();
  const did = value("history_did", line.action);
  const who = line.actor_name ?? t("history.system");
  const isKnown = did !== line.action;
  return (
    <div>
      {line.internal && <IconEyeOff size={13} aria-label={t("history.internal")} />}{" "}
      {isKnown
        ? t("history.sentence", { who, did })
        : t("history.plain", { who, did: value("action", line.action) })}
    </div>
  );
}

function Changes({ of }: { of: Record<string, Change> | null }) {
  const { value } = useText();
  const changes = Object.entries(of ?? {}).filter(([name]) => !SILENT.includes(name));
  if (changes.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {changes.map(([name, [before, after]]) => (
        <li key={name}>
          <span className={classes.label}>{value("history_field", name)}</span>
          {!isNothing(before) && (
            <>
              <del>
                <Shown name={name} of={before} />
              </del>
              <span aria-hidden> → </span>
            </>
          )}
          <ins>
            <Shown name={name} of={after} />
          </ins>
        </li>
      ))}
    </ul>
  );
}

const isNothing = (of: unknown) => of === null || of === "" || (Array.isArray(of) && of.length === 0);

function Shown({ name, of }: { name: string; of: unknown }) {
  const { t, value } = useText();
  if (isNothing(of)) return <>{t("history.nothing")}</>;
  const domain = DOMAINS[name];
  if (domain && typeof of === "string") return <>{value(domain, of)}</>;
  if (Array.isArray(of)) return <>{of.map(String).join(t("history.and"))}</>;
  return <>{typeof of === "object" ? JSON.stringify(of) : String(of)}</>;
}
