/* IncidentVerbs: what can be done with an incident, as the server says. */
import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { notifyProblem } from "@/ui/notify";
import type { Incident } from "./IncidentPage";

const IncidentAsk = lazy(() => import("./IncidentAsk"));

export type Asked =
  | "edit"
  | "assign"
  | "level"
  | "close"
  | "merge"
  | "split"
  | "add"
  | "tell"
  | "case"
  | "wait"
  | "reopen";

export function IncidentVerbs({ incident }: { incident: Incident }) {
  const { t } = useText();
  const { person, may } = useSession();
  const [asked, ask] = useState<Asked | null>(null);
  const start = useVerb("POST /incidents/{id}/start");
  const take = useVerb("POST /incidents/{id}/assign");
  const can = (verb: string) => incident.can?.includes(verb);
  const report = { onError: (error: unknown) => notifyProblem(error, t("state.failed")) };
  const path = { id: incident.id };
  const more = [
    ["edit", can("edit")],
    ["assign", can("assign")],
    ["wait", can("status") && incident.status !== "waiting"],
    ["tell", can("tell")],
    ["merge", can("merge")],
    ["split", can("split") && (incident.detections ?? 0) > 1],
    ["add", can("split")],
  ] as const;
  return (
    <>
      {can("assign") && incident.assignee_id !== person?.id && (
        <Button
          variant="default"
          loading={take.isPending}
          onClick={() => take.mutate({ path, body: { assignee_id: person?.id } as never }, report)}
        >
          {t("incident.verb.take")}
        </Button>
      )}
      {can("status") && incident.status !== "in_progress" && (
        <Button
          variant="default"
          loading={start.isPending}
          onClick={() => start.mutate({ path, body: {} as never }, report)}
        >
          {t("incident.verb.start")}
        </Button>
      )}
      {can("level") && (
        <Button variant="default" onClick={() => ask("level")}>
          {t("incident.verb.level")}
        </Button>
      )}
      {can("case") && may("tickets:use") && <Button onClick={() => ask("case")}>{t("incident.verb.case")}</Button>}
      {can("close") && (
        <Button variant="default" onClick={() => ask("close")}>
          {t("incident.verb.close")}
        </Button>
      )}
      {can("reopen") && <Button onClick={() => ask("reopen")}>{t("incident.verb.reopen")}</Button>}
      {more
        .filter(([, possible]) => possible)
        .map(([key]) => (
          <Button key={key} variant="subtle" onClick={() => ask(key)}>
            {t(`incident.verb.${key}`)}
          </Button>
        ))}
      <FormDialog
        title={asked ? t(`incident.verb.${asked}`) : ""}
        isOpen={Boolean(asked)}
        onClose={() => ask(null)}
      >
        {asked && <IncidentAsk asked={asked} incident={incident} onClose={() => ask(null)} />}
      </FormDialog>
    </>
  );
}
