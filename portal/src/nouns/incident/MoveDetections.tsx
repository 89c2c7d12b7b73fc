/* MoveDetections: the detections that leave an incident for one of their own, or that join it. */
import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Item } from "@/api/client";
import { asProblem } from "@/api/problem";
import { useListing, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { useGo } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import classes from "./Incident.module.css";
import type { Incident } from "./IncidentPage";

type Detection = Item<"GET /detections">;
interface MoveProps {
  incident: Incident;
  onClose: () => void;
}

const CHANGES = ["audit", "detections"];

export function SplitIncident({ incident, onClose }: MoveProps) {
  const { t } = useText();
  const go = useGo();
  const [chosen, choose] = useState<string[]>([]);
  const [title, setTitle] = useState("");
  const split = useVerb("POST /incidents/{id}/split", CHANGES);
  const isAll = chosen.length > 0 && chosen.length >= (incident.detections ?? 0);
  const submit = () =>
    split.mutate(
      { path: { id: incident.id }, body: { detection_ids: chosen, title: title.trim() || undefined } },
      {
        onSuccess: (made) => {
          notifyDone(t("incident.parts.split_done", { reference: made.reference }));
          onClose();
          void go(`/incidents/${made.id}`);
        },
      },
    );
  return (
    <Stack>
      <Text size="sm">{t("incident.parts.split_lead")}</Text>
      <TextInput
        label={t("incident.parts.title")}
        description={t("incident.parts.title_hint")}
        maxLength={300}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Choice query={{ incident_id: incident.id }} isOffered={() => true} chosen={chosen} onChoose={choose} />
      {isAll && <Note tone="warn">{t("incident.parts.split_all")}</Note>}
      <Foot
        label={t("incident.verb.split")}
        chosen={chosen}
        isDisabled={isAll}
        verb={split}
        onSubmit={submit}
        onClose={onClose}
      />
    </Stack>
  );
}

export function AddDetections({ incident, onClose }: MoveProps) {
  const { t } = useText();
  const [chosen, choose] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const add = useVerb("POST /incidents/{id}/detections", CHANGES);
  const submit = () =>
    add.mutate(
      { path: { id: incident.id }, body: { detection_ids: chosen } },
      {
        onSuccess: () => {
          notifyDone(t("incident.parts.added", { n: chosen.length }));
          onClose();
        },
      },
    );
  return (
    <Stack>
      <Text size="sm">{t("incident.parts.add_lead")}</Text>
      <TextInput
        type="search"
        aria-label={t("incident.parts.search")}
        placeholder={t("incident.parts.search")}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Choice
        query={{ tenant_id: incident.tenant_id, q: q || undefined }}
        isOffered={(row) => row.incident_id !== incident.id}
        chosen={chosen}
        onChoose={choose}
      />
      <Foot label={t("incident.verb.add")} chosen={chosen} verb={add} onSubmit={submit} onClose={onClose} />
    </Stack>
  );
}

/* What is chosen stays chosen while somebody looks for more. */
function Choice({
  query,
  isOffered,
  chosen,
  onChoose,
}: {
  query: Record<string, string | undefined>;
  isOffered: (row: Detection) => boolean;
  chosen: string[];
  onChoose: (ids: string[]) => void;
}) {
  const { t } = useText();
  const listing = useListing("GET /detections", { query: { ...query, sort: "-last_at", limit: 50 } as never });
  const rows = listing.rows.filter(isOffered);
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  if (listing.isLoading) return <LoadingState />;
  if (listing.problem) return <ErrorState error={listing.problem} onRetry={listing.refetch} />;
  return (
    <>
      {rows.length === 0 && <EmptyState title={t("incident.parts.none")} />}
      <ul className={classes.choice} aria-label={t("incident.parts.list")}>
        {rows.map((row) => (
          <li key={row.id}>
            <Checkbox
              checked={chosen.includes(row.id)}
              onChange={() => toggle(row.id)}
              label={<Words of={row} isElsewhere={Boolean(row.incident_id) && !query.incident_id} />}
            />
          </li>
        ))}
      </ul>
      {listing.hasMore && (
        <Button variant="default" size="xs" onClick={listing.readMore} loading={listing.isFetching}>
          {t("action.more")}
        </Button>
      )}
    </>
  );
}

function Words({ of, isElsewhere }: { of: Detection; isElsewhere: boolean }) {
  const { t, language } = useText();
  return (
    <>
      <Score of={of.score} isShort /> {(language === "ja" && of.title_ja) || of.title}{" "}
      <small>
        {[of.computer_name, of.process_name].filter(Boolean).join(" · ")} <RelativeTime at={of.last_at} />{" "}
        {isElsewhere && t("incident.parts.elsewhere")}
      </small>
    </>
  );
}

function Foot({
  label,
  chosen,
  isDisabled,
  verb,
  onSubmit,
  onClose,
}: {
  label: string;
  chosen: string[];
  isDisabled?: boolean;
  verb: { isPending: boolean; error: unknown };
  onSubmit: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const problem = verb.error ? asProblem(verb.error) : null;
  return (
    <>
      {problem && (
        <Note tone="bad" role="alert" title={problem.title}>
          {problem.fields[0]?.message ?? problem.detail}
        </Note>
      )}
      <Group justify="space-between">
        <Text size="sm" role="status">
          {t("incident.parts.chosen", { n: chosen.length })}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button loading={verb.isPending} disabled={chosen.length === 0 || isDisabled} onClick={onSubmit}>
            {label}
          </Button>
        </Group>
      </Group>
    </>
  );
}
