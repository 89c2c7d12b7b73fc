/* HandoverNewPage: the end of a shift: how things stand, and what the next one should know. */
import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useGo } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";
import { Loaded, Page } from "@/ui/Page";
import classes from "./Handover.module.css";
import { Pack } from "./Pack";

const KEPT = "yagura.handover-notes";

export default function HandoverNewPage() {
  const { t, field } = useText();
  const go = useGo();
  const draft = useRead("GET /handover-draft");
  // A word that took half the night to write survives a closed tab.
  const [notes, setNotes] = useState(() => localStorage.getItem(KEPT) ?? "");
  const write = useVerb("POST /handovers");
  const keep = (text: string) => {
    localStorage.setItem(KEPT, text);
    setNotes(text);
  };
  const send = async () => {
    try {
      const made = await write.mutateAsync({ body: { notes: notes.trim() || undefined } });
      localStorage.removeItem(KEPT);
      await go(`/handovers/${made.id}`);
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  return (
    <Page
      title={t("handover.make")}
      lead={t("handover.make_lead")}
      back={{ to: "/handovers", title: t("page.handovers") }}
    >
      <div className={classes.pack}>
        <Textarea
          label={field("notes", "handover")}
          description={t("handover.notes_help")}
          size="md"
          autosize
          minRows={4}
          maxLength={5000}
          value={notes}
          onChange={(event) => keep(event.currentTarget.value)}
        />
        <Group>
          <Button size="md" loading={write.isPending} onClick={() => void send()}>
            {t("handover.write")}
          </Button>
        </Group>
        <Loaded of={draft}>{(data) => <Pack items={data.items ?? []} at={data.at ?? ""} />}</Loaded>
      </div>
    </Page>
  );
}
