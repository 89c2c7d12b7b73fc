/* UploadVisitPage: what somebody sees who was given an upload link: what is asked for, by whom, and a place for the
 * files. Nothing else of the case. */
import { Stack } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { useClock } from "@/ui/time";
import { To } from "@/ui/To";
import { Door } from "../sign-in/Door";
import classes from "./Attachment.module.css";
import { DropZone } from "./DropZone";
import { SendingList } from "./SendingList";
import { sizeText } from "./size";
import { useSending } from "./useSending";

type Visit = Out<"GET /upload-visits/{token}">;

export default function UploadVisitPage() {
  const { t } = useText();
  const token = useParam("token");
  const visit = useRead("GET /upload-visits/{token}", { path: { token } });
  if (visit.data)
    return (
      <Door
        title={t("file.visit.title")}
        lead={t("file.visit.lead", { name: visit.data.created_by_name, reference: visit.data.reference })}
        wide
      >
        <Hand visit={visit.data} token={token} refresh={() => void visit.refetch()} />
      </Door>
    );
  const status = visit.error?.status;
  return (
    <Door title={t("file.visit.title")}>
      {!visit.error ? (
        <LoadingState />
      ) : status === 401 ? (
        <Stack>
          <Note tone="info">{t("file.visit.sign_in")}</Note>
          <To to="/sign-in" search={{ back: `/upload/${token}` }} size="sm">
            {t("file.visit.to_sign_in")}
          </To>
        </Stack>
      ) : status === 410 || status === 403 || status === 404 ? (
        <Note tone="warn" role="alert">
          {t(status === 403 ? "file.visit.others" : "file.visit.over")}
        </Note>
      ) : (
        <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />
      )}
    </Door>
  );
}

function Hand({ visit, token, refresh }: { visit: Visit; token: string; refresh: () => void }) {
  const { t, language } = useText();
  const { dateTime } = useClock();
  const sending = useSending({ path: `/upload-visits/${encodeURIComponent(token)}/uploads`, onDone: refresh });
  const left = { files: visit.max_files - visit.files, bytes: visit.max_bytes - visit.bytes };
  const isDone = sending.items.length > 0 && sending.items.every((one) => one.state === "done");
  return (
    <Stack>
      {visit.note && <blockquote className={classes.asked}>{visit.note}</blockquote>}
      {left.files > 0 && left.bytes > 0 ? (
        <DropZone onFiles={(files) => sending.add(files)} />
      ) : (
        <Note tone="info">{t("file.visit.full")}</Note>
      )}
      <SendingList sending={sending} />
      {isDone && (
        <Note tone="ok" role="status" title={t("file.visit.thanks")}>
          {t("file.visit.thanks_text")}
        </Note>
      )}
      <p className={classes.meta}>
        {t("file.visit.bounds", {
          files: left.files,
          size: sizeText(Math.min(left.bytes, visit.file_bytes_max * left.files), language),
          until: dateTime(visit.expires_at),
        })}
      </p>
      <p className={classes.meta}>{t("file.visit.kept", { hub: visit.hub_name })}</p>
    </Stack>
  );
}
