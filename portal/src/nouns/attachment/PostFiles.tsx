/* PostFiles: the files that a message came with. All messages of a case share one reading of its files. */
import { useListing } from "@/api/queries";
import { useText } from "@/text";
import classes from "./Attachment.module.css";
import { AttachmentRow } from "./AttachmentRow";

export default function PostFiles({ ticketId, postId }: { ticketId: string; postId: string }) {
  const { t } = useText();
  const listing = useListing("GET /tickets/{id}/attachments", {
    path: { id: ticketId },
    query: { sort: "-created_at", limit: 50 },
  });
  const files = listing.rows.filter((file) => file.post_id === postId);
  if (files.length === 0) return null;
  return (
    <ul className={classes.postFiles} aria-label={t("file.title")}>
      {files.map((file) => (
        <AttachmentRow key={file.id} file={file} />
      ))}
    </ul>
  );
}
