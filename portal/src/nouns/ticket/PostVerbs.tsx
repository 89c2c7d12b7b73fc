/* PostVerbs: what can be done with one message besides reading it; each opens in a dialog that is loaded then. */
import { UnstyledButton } from "@mantine/core";
import { lazy, useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { MenuButton, type MenuRow } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { IconDots, IconEye, IconHistory, IconPencil } from "@/ui/icons";
import type { TicketPost } from "./Conversation";
import classes from "./Conversation.module.css";

const PostEdit = lazy(() => import("./PostEdit"));
const PostHistory = lazy(() => import("./PostHistory"));
const PostReveal = lazy(() => import("./PostReveal"));

type Asked = "edit" | "history" | "reveal";

export function PostVerbs({ post, mayWrite }: { post: TicketPost; mayWrite: boolean }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const [asked, ask] = useState<Asked | null>(null);
  const can = (mayWrite && post.can) || [];
  const items: MenuRow[] = [];
  const add = (key: Asked, icon: MenuRow["icon"]) =>
    items.push({ key, icon, label: t(`ticket.post.${key}`), run: () => ask(key) });
  if (can.includes("edit")) add("edit", IconPencil);
  if (can.includes("reveal")) add("reveal", IconEye);
  if (post.edited_at && (isProvider || post.mine)) add("history", IconHistory);
  const close = () => ask(null);
  if (items.length === 0) return null;
  return (
    <>
      <MenuButton
        position="bottom-end"
        button={
          <UnstyledButton
            className={classes.quoteButton}
            aria-label={t("ticket.post.more", { name: post.author_name })}
          >
            <IconDots size={15} aria-hidden />
          </UnstyledButton>
        }
        items={items}
      />
      <FormDialog title={asked ? t(`ticket.post.${asked}`) : ""} isOpen={asked !== null} onClose={close}>
        {asked === "edit" && <PostEdit post={post} onClose={close} />}
        {asked === "history" && <PostHistory post={post} />}
        {asked === "reveal" && <PostReveal post={post} onClose={close} />}
      </FormDialog>
    </>
  );
}
