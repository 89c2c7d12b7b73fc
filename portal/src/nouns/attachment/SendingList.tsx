/* SendingList: files on their way, each with how far it has come. */
import { ActionIcon, Progress } from "@mantine/core";
import { useText } from "@/text";
import { IconCircleCheck, IconPause, IconPlay, IconX } from "@/ui/icons";
import classes from "./Attachment.module.css";
import { sizeText } from "./size";
import type { Sending, useSending } from "./useSending";

export function SendingList({ sending }: { sending: ReturnType<typeof useSending> }) {
  const { t } = useText();
  if (sending.items.length === 0) return null;
  return (
    <ul className={classes.sending} aria-label={t("file.sending")}>
      {sending.items.map((item) => (
        <Line key={item.key} item={item} sending={sending} />
      ))}
    </ul>
  );
}

function Line({ item, sending }: { item: Sending; sending: ReturnType<typeof useSending> }) {
  const { t, language } = useText();
  const percent = item.size === 0 ? 100 : Math.floor((item.sent / item.size) * 100);
  const words =
    item.state === "sending"
      ? `${percent} %`
      : item.state === "failed"
        ? (item.problem ?? t("file.state.failed"))
        : t(`file.state.${item.state}`);
  return (
    <li className={classes.sendingLine} data-state={item.state}>
      <div className={classes.sendingHead}>
        <span className={classes.name}>
          <bdi>{item.name}</bdi>
        </span>
        <span className={classes.meta}>{sizeText(item.size, language)}</span>
        <span className={classes.stateWords} role={item.state === "failed" ? "alert" : undefined}>
          {item.state === "done" && <IconCircleCheck size={14} aria-hidden />}
          {words}
        </span>
        {item.state === "sending" && (
          <Tool label={t("file.pause", { name: item.name })} onClick={() => sending.pause(item.key)}>
            <IconPause size={15} aria-hidden />
          </Tool>
        )}
        {(item.state === "paused" || item.state === "failed") && (
          <Tool label={t("file.resume", { name: item.name })} onClick={() => sending.resume(item.key)}>
            <IconPlay size={15} aria-hidden />
          </Tool>
        )}
        {item.state !== "done" && (
          <Tool label={t("file.drop", { name: item.name })} onClick={() => sending.drop(item.key)}>
            <IconX size={15} aria-hidden />
          </Tool>
        )}
      </div>
      {item.state !== "done" && (
        <Progress
          value={percent}
          size="sm"
          color={item.state === "failed" ? "red" : item.state === "paused" ? "gray" : undefined}
          aria-label={t("file.progress", { name: item.name })}
        />
      )}
    </li>
  );
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} data-hint={label} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}
