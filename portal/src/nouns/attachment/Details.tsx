/* Details: what is known of a file: its hashes, to be copied, and everybody who had it in hand. */
import { useListing } from "@/api/queries";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { Note } from "@/ui/Note";
import { RelativeTime } from "@/ui/RelativeTime";
import { CopyText } from "@/ui/Secret";
import classes from "./Attachment.module.css";
import type { Attachment } from "./AttachmentRow";
import { sizeText } from "./size";

const HASHES = ["sha256", "sha1", "md5"] as const;

export default function Details({ file }: { file: Attachment }) {
  const { t, language } = useText();
  return (
    <div className={classes.details}>
      <p className={classes.detailsName}>
        <bdi>{file.name}</bdi>
      </p>
      <p className={classes.meta}>
        {sizeText(file.size, language)}
        {" · "}
        {file.media_type}
      </p>
      {file.malicious && (
        <Note tone="bad" title={t("file.sample")}>
          <Reason word={file.malicious_reason} /> {t("file.archive_hint")}
        </Note>
      )}
      {file.removed_at && (
        <Note tone="info" title={t("file.removed")}>
          {t("file.removed_by", { name: file.removed_by_name, reason: file.removed_reason })}
        </Note>
      )}
      <dl className={classes.hashes}>
        {HASHES.map((name) => (
          <div key={name}>
            <dt>{t(`file.hash.${name}`)}</dt>
            <dd>
              <code>{file[name]}</code>
              <CopyText text={file[name]} />
            </dd>
          </div>
        ))}
      </dl>
      <h3 className={classes.custodyTitle}>{t("file.custody")}</h3>
      <Custody id={file.id!} />
    </div>
  );
}

/* What the service itself writes is a word; what people and the scanner say stands as it is. */
const OWN_WORDS = new Set(["declared_by_sender", "known_content", "clean", "too_large", "not_scanned", "failed"]);

function Reason({ word }: { word: string | null | undefined }) {
  const { t } = useText();
  return <>{word && OWN_WORDS.has(word) ? t(`file.reason.${word}`) : word}</>;
}

function Custody({ id }: { id: string }) {
  const { t } = useText();
  const listing = useListing("GET /attachments/{id}/custody", { path: { id }, query: { limit: 200 } });
  if (listing.isLoading) return <LoadingState rows={3} />;
  return (
    <ol className={classes.custody} aria-label={t("file.custody")}>
      {listing.rows.map((row) => (
        <li key={row.id}>
          <b>{t(`file.event.${row.event}`)}</b>
          <span>
            {row.actor_side === "service"
              ? t("file.by_service")
              : [row.actor_name, row.actor_side === "link" && t("file.by_link")].filter(Boolean).join(" · ")}
          </span>
          <span className={classes.meta}>
            <RelativeTime at={row.at} />
            {row.address && ` · ${row.address}`}
          </span>
          {row.detail && (
            <span className={classes.detail}>
              <Reason word={row.detail} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
