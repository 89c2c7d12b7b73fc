/* Preview: a picture as the server drew it anew, or the beginning of a text. Nothing of the file itself is shown. */
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { API } from "@/api/client";
import { readOptions } from "@/api/queries";
import { useText } from "@/text";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { Note } from "@/ui/Note";
import classes from "./Attachment.module.css";
import type { Attachment } from "./AttachmentRow";
import { sizeText } from "./size";

export default function Preview({ file, onClose }: { file: Attachment; onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<bdi>{file.name}</bdi>}
      size="xl"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {file.preview === "picture" ? <Picture file={file} /> : <Words file={file} />}
    </Modal>
  );
}

function Picture({ file }: { file: Attachment }) {
  const { t } = useText();
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  if (state === "failed") return <Note tone="warn">{t("file.no_picture")}</Note>;
  return (
    <div className={classes.picture}>
      {state === "loading" && <LoadingState rows={4} />}
      <img
        src={`${API}/attachments/${file.id}/picture`}
        alt={file.name}
        hidden={state === "loading"}
        onLoad={() => setState("shown")}
        onError={() => setState("failed")}
      />
    </div>
  );
}

/* The bytes of a file never change, and each time they are fetched the custody record says that somebody looked: once
 * for each opening, whatever else changes meanwhile. */
function Words({ file }: { file: Attachment }) {
  const { t, language } = useText();
  const read = useQuery({
    ...readOptions("GET /attachments/{id}/text", { path: { id: file.id! } }),
    staleTime: "static",
    gcTime: 0,
  });
  if (read.error) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />;
  if (!read.data) return <LoadingState rows={6} />;
  return (
    <>
      <p className={classes.meta}>
        {read.data.encoding}
        {read.data.truncated && ` · ${t("file.truncated", { size: sizeText(read.data.shown, language) })}`}
      </p>
      <pre className={classes.text} tabIndex={0}>
        {read.data.text}
      </pre>
    </>
  );
}
