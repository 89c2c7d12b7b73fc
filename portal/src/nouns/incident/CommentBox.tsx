/* CommentBox: words for the customer or among engineers, free or after the form. */
import { Button, Checkbox, Group, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { notifyProblem } from "@/ui/notify";
import type { Incident } from "./IncidentPage";

export default function CommentBox({ incident }: { incident: Incident }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const [body, setBody] = useState("");
  const [isInternal, setInternal] = useState(false);
  const [isForm, setForm] = useState(false);
  const [sections, setSections] = useState<Record<string, string>>({});
  const form = useRead("GET /incident-comment-form", { enabled: isForm });
  const send = useVerb("POST /incidents/{id}/comments");
  const filled = Object.entries(sections).filter(([, words]) => words.trim());
  const submit = () =>
    send.mutate(
      {
        path: { id: incident.id },
        body: {
          body: body.trim() || null,
          internal: isInternal,
          sections: filled.map(([heading, words]) => ({ heading, body: words })),
        } as never,
      },
      {
        onSuccess: () => {
          setBody("");
          setSections({});
        },
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Stack gap="xs" mb="md">
      <Textarea
        label={t("incident.comment")}
        autosize
        minRows={2}
        maxLength={20000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      {isForm &&
        form.data?.headings?.map((one) => (
          <Textarea
            key={one.key}
            label={one.title}
            autosize
            minRows={1}
            maxLength={5000}
            value={sections[one.key] ?? ""}
            onChange={(event) => {
              const words = event.currentTarget.value;
              setSections((now) => ({ ...now, [one.key]: words }));
            }}
          />
        ))}
      <Group justify="space-between">
        <Group>
          {isProvider && (
            <Checkbox
              label={t("incident.internal_only")}
              checked={isInternal}
              onChange={(event) => setInternal(event.currentTarget.checked)}
            />
          )}
          {isProvider && (
            <Checkbox
              label={t("incident.with_form")}
              checked={isForm}
              onChange={(event) => setForm(event.currentTarget.checked)}
            />
          )}
        </Group>
        <Button onClick={submit} loading={send.isPending} disabled={!body.trim() && filled.length === 0}>
          {t("incident.send")}
        </Button>
      </Group>
    </Stack>
  );
}
