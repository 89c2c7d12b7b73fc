/* IncidentAsk: the form of one verb. */
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import type { Incident } from "./IncidentPage";
import type { Asked } from "./IncidentVerbs";
import { AddDetections, SplitIncident } from "./MoveDetections";

interface AskProps {
  asked: Asked;
  incident: Incident;
  onClose: () => void;
}

export default function IncidentAsk({ asked, incident, onClose }: AskProps) {
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
    case "split":
      return <SplitIncident incident={incident} onClose={onClose} />;
    case "add":
      return <AddDetections incident={incident} onClose={onClose} />;
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
