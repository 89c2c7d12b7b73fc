/* ByMail: what came by mail. A sender's address proves little, so it says so; what the mail quoted is folded, not
 * lost. */
import { useText } from "@/text";
import { Hint } from "@/ui/Hint";
import { IconMail } from "@/ui/icons";
import { Markdown } from "@/ui/Markdown";
import { RelativeTime } from "@/ui/RelativeTime";
import classes from "./ByMail.module.css";
import type { TicketPost } from "./Conversation";

export function ByMail() {
  const { t } = useText();
  return (
    <Hint label={t("ticket.by_mail_help")}>
      <span className={classes.mark} tabIndex={0}>
        <IconMail size={13} aria-hidden />
        {t("ticket.by_mail")}
      </span>
    </Hint>
  );
}

export function Folded({ text }: { text: string }) {
  const { t } = useText();
  return (
    <details className={classes.folded}>
      <summary>{t("ticket.folded")}</summary>
      <Markdown text={text} />
    </details>
  );
}

/* An answering machine: it answers nothing, so it is a line and no message. */
export function HeardProgram({ post }: { post: TicketPost }) {
  const { t } = useText();
  return (
    <li className={classes.program}>
      <details>
        <summary>
          <IconMail size={14} aria-hidden />
          <span>{t("ticket.heard_program", { name: post.author_name })}</span>
          <RelativeTime at={post.created_at} />
        </summary>
        <div className={classes.words}>
          <Markdown text={post.folded ? `${post.body}\n\n${post.folded}` : post.body} />
        </div>
      </details>
    </li>
  );
}
