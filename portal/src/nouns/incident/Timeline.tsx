/* Timeline: detections and what people and the platform did, in order. A detection that is chosen here shows in the
 * graph; what is chosen there shows here. */
import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Item } from "@/api/client";
import { useListing, useRead } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { Markdown } from "@/ui/Markdown";
import { Section } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import classes from "./Incident.module.css";
import type { Incident } from "./IncidentPage";

const CommentBox = lazy(() => import("./CommentBox"));

type Row = Item<"GET /incidents/{id}/timeline">;
interface TimelineProps {
  incident: Incident;
  chosen: string[];
  onChoose: (detections: string[]) => void;
  isWide?: boolean;
}

export function Timeline({ incident, chosen, onChoose }: TimelineProps) {
  const { t } = useText();
  const listing = useListing("GET /incidents/{id}/timeline", {
    path: { id: incident.id },
    query: { sort: "-at", limit: 100 },
  });
  return (
    <Section title={t("incident.tab.timeline")}>
      {incident.can?.includes("comment") && (
        <Suspense fallback={<LoadingState rows={2} />}>
          <CommentBox incident={incident} />
        </Suspense>
      )}
      {listing.isLoading && <LoadingState />}
      {listing.problem && <ErrorState error={listing.problem} onRetry={listing.refetch} />}
      {!listing.isLoading && !listing.problem && listing.rows.length === 0 && (
        <EmptyState title={t("incident.no_timeline")} />
      )}
      <ol className={classes.timeline} tabIndex={0} aria-label={t("incident.tab.timeline")}>
        {listing.rows.map((row) => (
          <li
            key={row.id}
            className={classes.event}
            data-kind={row.kind}
            data-chosen={chosen.includes(row.id) || undefined}
          >
            {row.kind === "detection" ? (
              <Found
                row={row}
                onChoose={() => onChoose(chosen.includes(row.id) ? [] : [row.id])}
                isChosen={chosen.includes(row.id)}
              />
            ) : (
              <Entry row={row} />
            )}
          </li>
        ))}
      </ol>
      {listing.hasMore && (
        <Button variant="default" size="xs" onClick={listing.readMore} loading={listing.isFetching}>
          {t("action.more")}
        </Button>
      )}
    </Section>
  );
}

function Found({ row, onChoose, isChosen }: { row: Row; onChoose: () => void; isChosen: boolean }) {
  return (
    <>
      <div className={classes.head}>
        <ExactTime at={row.at} />
        <Score of={row.score} isShort />
        <button type="button" className={classes.pick} aria-pressed={isChosen} onClick={onChoose}>
          {row.title}
        </button>
      </div>
      <small>{[row.computer_name, row.user_name, row.process_name].filter(Boolean).join(" · ")}</small>
      {row.command_line && <small className="y-mono">{row.command_line}</small>}
    </>
  );
}

const textOf = (detail: unknown, name: string): string | undefined => {
  const word = (detail as Record<string, unknown> | null)?.[name];
  return word === null || word === undefined ? undefined : String(word);
};

function Entry({ row }: { row: Row }) {
  const { t, value } = useText();
  const detail = row.detail;
  const word =
    row.kind === "status" || row.kind === "reopened"
      ? value("incident_status", textOf(detail, "status"))
      : row.kind === "level"
        ? value("incident_level", textOf(detail, "level"))
        : row.kind === "closed"
          ? value("verdict", textOf(detail, "verdict"))
          : (textOf(detail, "assignee") ?? textOf(detail, "reference"));
  return (
    <>
      <div className={classes.head}>
        <ExactTime at={row.at} />
        <b>{t(`incident.entry.${row.kind}`)}</b>
        {word && <span>{word}</span>}
        {row.internal && <StatusBadge field="any" word="internal" tone="warn" label={t("incident.internal")} />}
        <span>{row.author_name ?? t("incident.platform")}</span>
        {row.by_staff && <StatusBadge field="any" word="staff" tone="info" label={t("incident.staff")} />}
      </div>
      {textOf(detail, "reason") && <p>{textOf(detail, "reason")}</p>}
      {row.body && <Markdown text={row.body} />}
      {row.sections ? <Sections of={row.sections as Record<string, string>} /> : null}
    </>
  );
}

function Sections({ of }: { of: Record<string, string> }) {
  const form = useRead("GET /incident-comment-form");
  return (
    <dl className={classes.section}>
      {(form.data?.headings ?? [])
        .filter((one) => of[one.key])
        .map((one) => (
          <div key={one.key}>
            <dt>{one.title}</dt>
            <dd>{of[one.key]}</dd>
          </div>
        ))}
    </dl>
  );
}
