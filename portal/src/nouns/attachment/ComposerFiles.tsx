/* ComposerFiles: files that go with a message. They are sent while it is written, as internal as it is; the message
 * names them when it goes. */
import { useEffect } from "react";
import { useRefresh } from "@/api/queries";
import classes from "./Attachment.module.css";
import { DropZone } from "./DropZone";
import { SendingList } from "./SendingList";
import { useSending } from "./useSending";

interface ComposerFilesProps {
  ticketId: string;
  isInternal: boolean;
  onChange: (ids: string[], isBusy: boolean) => void;
}

export default function ComposerFiles({ ticketId, isInternal, onChange }: ComposerFilesProps) {
  const refresh = useRefresh();
  const sending = useSending({ path: `/tickets/${ticketId}/uploads`, onDone: () => void refresh("tickets") });
  const ids = sending.items.flatMap((one) => (one.attachmentId ? [one.attachmentId] : []));
  const isBusy = sending.items.some((one) => one.state !== "done");
  useEffect(() => onChange(ids, isBusy), [ids.join(), isBusy]);
  return (
    <div className={classes.composer}>
      <DropZone onFiles={(files) => sending.add(files, isInternal ? { visibility: "internal" } : {})} />
      <SendingList sending={sending} />
    </div>
  );
}
