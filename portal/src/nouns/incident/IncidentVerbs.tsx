/* IncidentVerbs: what can be done with an incident, as the server says. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { notifyDone, notifyProblem } from "@/ui/notify";
import type { Incident } from "./IncidentPage";

type Asked = "edit" | "assign" | "level" | "close" | "merge" | "tell" | "case" | "wait" | "reopen" | null;

export function IncidentVerbs({ incident }: { incident: Incident }) {
  const { t } = useText();
  const { person, may } = useSession();
  const [asked, ask] = useState<Asked>(null);
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
        <Button variant="default" loading={start.isPending} onClick={() => start.mutate({ path, body: {} as never }, report)}>
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
        {asked && <Ask asked={asked} incident={incident} onClose={() => ask(null)} />}
      </FormDialog>
    </>
  );
}

function Ask({ asked, incident, onClose }: { asked: NonNullable<Asked>; incident: Incident; onClose: () => void }) {
  const { t } = useText();
  const common = {
    noun: "incident",
    path: { id: incident.id },
    alsoChanges: ["audit", "tickets", "detections"],
    submit: t(`incident.verb.${asked}`),
    onCancel: onClose,
    onDone: () => {
      notifyDone(t("state.done"));
      onClose();
    },
  };
  switch (asked) {
    case "edit":
      return (
        <Form
          {...common}
          route="PUT /incidents/{id}"
          version={incident.version}
          initial={{ title: incident.title, summary: incident.summary, tags: incident.tags } as never}
          layout={["title", "summary", "tags"]}
        />
      );
    case "assign":
      return (
        <Form
          {...common}
          route="POST /incidents/{id}/assign"
          lookups={{ assignee_id: { side: "provider", status: "active" } }}
          layout={["assignee_id"]}
        />
      );
    case "level":
      return <Form {...common} route="POST /incidents/{id}/level" layout={["level", "reason"]} />;
    case "close":
      return (
        <Form {...common} route="POST /incidents/{id}/close" layout={["verdict", "reason", "resolve_detections"]} />
      );
    case "merge":
      return <Form {...common} route="POST /incidents/{id}/merge" layout={["into", "reason"]} />;
    case "tell":
      return <Form {...common} route="POST /incidents/{id}/tell" layout={["reason"]} />;
    case "wait":
      return <Form {...common} route="POST /incidents/{id}/wait" layout={["reason"]} />;
    case "reopen":
      return <Form {...common} route="POST /incidents/{id}/reopen" layout={["reason"]} />;
    case "case":
      return (
        <Form
          {...common}
          route="POST /incidents/{id}/case"
          initial={{ severity: incident.severity, subject: incident.title.slice(0, 200) } as never}
          layout={["subject", "severity", "description"]}
        />
      );
  }
}
