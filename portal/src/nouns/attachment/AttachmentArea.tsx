/* AttachmentArea: the files of a case: those that are there, those on their way, and the place to drop more. */
import { Button, Checkbox } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Item } from "@/api/client";
import { useListing, useRefresh, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ErrorState } from "@/ui/ErrorState";
import { IconLink } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { Section } from "@/ui/Page";
import { useMayWrite } from "../ticket/rights";
import classes from "./Attachment.module.css";
import { AttachmentRow } from "./AttachmentRow";
import { DropZone } from "./DropZone";
import { SendingList } from "./SendingList";
import { sizeText } from "./size";
import { useSending } from "./useSending";

const UploadLinks = lazy(() => import("./UploadLinks"));

export default function AttachmentArea({ ticket }: { ticket: Item<"GET /tickets"> }) {
  const { t } = useText();
  const mayWrite = useMayWrite();
  const { isProvider } = useSession();
  const [isLinking, setLinking] = useState(false);
  const listing = useListing("GET /tickets/{id}/attachments", {
    path: { id: ticket.id },
    query: { sort: "-created_at", limit: 50 },
  });
  const isOver = ticket.status === "closed" || ticket.status === "declined";
  return (
    <Section
      title={t("file.title")}
      flush
      actions={
        isProvider && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconLink size={14} aria-hidden />}
            onClick={() => setLinking(true)}
          >
            {t("file.links")}
          </Button>
        )
      }
    >
      {mayWrite && !isOver && <Sender ticketId={ticket.id} />}
      {listing.isLoading ? (
        <LoadingState rows={2} />
      ) : listing.problem && listing.rows.length === 0 ? (
        <ErrorState error={listing.problem} onRetry={listing.refetch} />
      ) : listing.rows.length === 0 ? (
        <p className={classes.none}>{t(mayWrite ? "file.none" : "file.none_here")}</p>
      ) : (
        <ul className={classes.files} aria-label={t("file.title")}>
          {listing.rows.map((file) => (
            <AttachmentRow key={file.id} file={file} />
          ))}
        </ul>
      )}
      {listing.hasMore && (
        <div className={classes.more}>
          <Button size="xs" variant="default" loading={listing.isFetching} onClick={listing.readMore}>
            {t("table.more")}
          </Button>
        </div>
      )}
      {isLinking && (
        <Suspense>
          <UploadLinks ticket={ticket} mayWrite={mayWrite && !isOver} onClose={() => setLinking(false)} />
        </Suspense>
      )}
    </Section>
  );
}

function Sender({ ticketId }: { ticketId: string }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const refresh = useRefresh();
  const [isInternal, setInternal] = useState(false);
  const [isSample, setSample] = useState(false);
  const sending = useSending({
    path: `/tickets/${ticketId}/uploads`,
    onDone: () => void refresh("tickets", "uploads", "audit"),
  });
  const send = (files: File[]) =>
    sending.add(files, {
      ...(isInternal ? { visibility: "internal" } : {}),
      ...(isSample ? { sample: "true" } : {}),
    });
  return (
    <div className={classes.sender}>
      <DropZone onFiles={send}>
        <span className={classes.choices}>
          {isProvider && (
            <Checkbox
              size="xs"
              label={t("file.as_internal")}
              checked={isInternal}
              onChange={(event) => setInternal(event.currentTarget.checked)}
            />
          )}
          <Checkbox
            size="xs"
            label={t("file.as_sample")}
            checked={isSample}
            onChange={(event) => setSample(event.currentTarget.checked)}
          />
        </span>
      </DropZone>
      <SendingList sending={sending} />
      <Unfinished ticketId={ticketId} isSending={sending.items.length > 0} />
    </div>
  );
}

/* What was begun before the page was loaded anew, here or on another machine: it waits for the same file. */
function Unfinished({ ticketId, isSending }: { ticketId: string; isSending: boolean }) {
  const { t, language } = useText();
  const drop = useVerb("DELETE /uploads/{id}");
  const listing = useListing("GET /uploads", {
    query: { state: "receiving", ticket_id: ticketId, sort: "-created_at", limit: 20 },
  });
  if (isSending || listing.rows.length === 0) return null;
  return (
    <ul className={classes.sending} aria-label={t("file.unfinished")}>
      {listing.rows.map((upload) => (
        <li key={upload.id} className={classes.sendingLine}>
          <div className={classes.sendingHead}>
            <span className={classes.name}>
              <bdi>{upload.name}</bdi>
            </span>
            <span className={classes.meta}>
              {sizeText(upload.received, language)} / {sizeText(upload.length, language)}
            </span>
            <Button
              size="compact-xs"
              variant="default"
              loading={drop.isPending}
              onClick={() => drop.mutate({ path: { id: upload.id! } })}
            >
              {t("file.give_up")}
            </Button>
          </div>
          <p className={classes.meta}>{t("file.unfinished_hint")}</p>
        </li>
      ))}
    </ul>
  );
}
