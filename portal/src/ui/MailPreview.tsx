/* MailPreview: a mail as its reader sees it. The HTML comes from templates and from people; it stands in a frame
 * without scripts, without our origin, and can load nothing. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import classes from "./MailPreview.module.css";

export function MailPreview({
  subject,
  html,
  text,
}: {
  subject?: string | null;
  html?: string | null;
  text?: string | null;
}) {
  const { t } = useText();
  const [kind, setKind] = useState<string>(html ? "html" : "text");
  return (
    <div className={classes.preview}>
      <div className={classes.head}>
        <strong>{subject}</strong>
        <SegmentedControl
          size="xs"
          value={kind}
          onChange={setKind}
          aria-label={t("mail.view")}
          data={[
            { value: "html", label: t("mail.html") },
            { value: "text", label: t("mail.text") },
          ]}
        />
      </div>
      {kind === "html" && html ? (
        <iframe className={classes.frame} title={t("mail.content")} sandbox="" srcDoc={html} />
      ) : (
        <pre className={classes.text} tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}
