/* DocumentView: a document as it was put before somebody, who has answered what, and the answer of the reader. It names
 * the SHA-256 of what stands here, so that nobody agrees to another content. */
import { Anchor, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { API, type Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconDownload } from "@/ui/icons";
import { Markdown } from "@/ui/Markdown";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { useMayWrite } from "../ticket/rights";
import { DocumentState } from "./DocumentState";
import classes from "./Documents.module.css";

type Whole = Out<"GET /ticket-documents/{id}">;

export default function DocumentView({ id, onClose }: { id: string; onClose: () => void }) {
  const document = useRead("GET /ticket-documents/{id}", { path: { id } });
  return <Loaded of={document}>{(data) => <Opened document={data} onClose={onClose} />}</Loaded>;
}

function Opened({ document, onClose }: { document: Whole; onClose: () => void }) {
  const { t, value } = useText();
  const names = document.people.map((one) => one.person_name).join(t("document.and"));
  return (
    <Stack gap="md">
      <Group gap="xs">
        <DocumentState of={document} />
        <Text size="sm" c="dimmed">
          {value("document_kind", document.kind)}
          {" · "}
          {document.asks === "people" ? t("document.asks_people", { names }) : t("document.asks_administrators")}
        </Text>
      </Group>
      {document.note && <Note tone="info">{document.note}</Note>}
      <div className={classes.paper}>
        {document.attachment_id ? (
          <Anchor href={`${API}/attachments/${document.attachment_id}/content`} download>
            <IconDownload size={15} aria-hidden /> {document.attachment_name}
          </Anchor>
        ) : (
          <Markdown text={document.body ?? ""} />
        )}
      </div>
      <div className={classes.hash}>{t("document.hash", { hash: document.sha256 })}</div>
      {document.answers.length > 0 && (
        <ul className={classes.answers} aria-label={t("document.answers")}>
          {document.answers.map((one) => (
            <li key={one.id}>
              <b>{one.person_name}</b> {value("document_answer", one.answer)}
              {one.reason && <div>{one.reason}</div>}
              <small>
                <ExactTime at={one.at} /> · {one.address}
              </small>
            </li>
          ))}
        </ul>
      )}
      <Answer document={document} onClose={onClose} />
    </Stack>
  );
}

function Answer({ document, onClose }: { document: Whole; onClose: () => void }) {
  const { t } = useText();
  const { session, isProvider } = useSession();
  const mayWrite = useMayWrite();
  const [isRefusing, setRefusing] = useState(false);
  const accept = useVerb("POST /ticket-documents/{id}/accept", ["tickets", "audit"]);
  const path = { id: document.id! };
  const failed = (error: unknown) => notifyProblem(error, t("state.failed"));
  if (isRefusing) return <Refuse document={document} onClose={onClose} />;
  const mayTakeBack = isProvider && mayWrite && document.state === "open";
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        {t("action.close")}
      </Button>
      {mayTakeBack && (
        <Button variant="default" onClick={() => setRefusing(true)}>
          {t("document.withdraw")}
        </Button>
      )}
      {document.awaits_me && !session?.acting_tenant && (
        <>
          <Button variant="default" onClick={() => setRefusing(true)}>
            {t("document.refuse")}
          </Button>
          <Button
            loading={accept.isPending}
            onClick={() =>
              accept.mutate(
                { path, body: { sha256: document.sha256 } },
                { onSuccess: () => (notifyDone(t("document.thanks")), onClose()), onError: failed },
              )
            }
          >
            {t(`document.${document.wants}`)}
          </Button>
        </>
      )}
    </Group>
  );
}

/* The word of why: of the customer who refuses, or of the engineer who takes it back. */
function Refuse({ document, onClose }: { document: Whole; onClose: () => void }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const [reason, setReason] = useState("");
  const refuse = useVerb("POST /ticket-documents/{id}/refuse", ["tickets", "audit"]);
  const withdraw = useVerb("POST /ticket-documents/{id}/withdraw", ["tickets", "audit"]);
  const path = { id: document.id! };
  const then = { onSuccess: onClose, onError: (error: unknown) => notifyProblem(error, t("state.failed")) };
  const send = () =>
    isProvider
      ? withdraw.mutate({ path, body: { reason } }, then)
      : refuse.mutate({ path, body: { reason, sha256: document.sha256 } }, then);
  return (
    <>
      <Textarea
        label={t("document.reason")}
        required
        autosize
        minRows={3}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          disabled={!reason.trim()}
          loading={refuse.isPending || withdraw.isPending}
          onClick={send}
        >
          {t(isProvider ? "document.withdraw" : "document.refuse")}
        </Button>
      </Group>
    </>
  );
}
