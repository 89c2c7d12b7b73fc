import { ActionIcon, Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { API, type Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { MenuButton, type MenuRow } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { IconDots, IconDownload, IconEye, IconEyeOff, IconHistory, IconPencil, IconShield,
    IconTrash } from "@/ui/icons";
import { notifyDone } from "@/ui/notify";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import classes from "./Attachment.module.css";
import { sizeText } from "./size";

const Preview = lazy(() => import("./Preview"));
const Details = lazy(() => import("./Details"));
const RenameForm = lazy(() => import("./RenameForm"));
const ReasonForm = lazy(() => import("./ReasonForm"));

export type Attachment = Item<"GET /tickets/{id}/attachments">;
type Dialog = "preview" | "details" | "rename" | "flag" | "unflag" | "remove";

export const can = (file: Attachment, verb: string) => (file.can ?? []).includes(verb);

export function AttachmentRow({ file }: { file: Attachment }) {
  const { t, language } = useText();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <li
      className={classes.file}
      data-internal={file.internal || undefined}
      data-removed={Boolean(file.removed_at) || undefined}
    >
      <div className={classes.what}>
        <span className={classes.name}>
          <bdi>{file.name}</bdi>
        </span>
        <span className={classes.meta}>
          {sizeText(file.size, language)}
          {" · "}
          {file.uploaded_by_side === "link" ? t("file.by_link") : file.uploaded_by_name}
          {" · "}
          <RelativeTime at={file.created_at!} />
        </span>
        <Marks file={file} />
      </div>
      <Tools file={file} open={setDialog} />
      {dialog === "preview" && (
        <Suspense>
          <Preview file={file} onClose={close} />
        </Suspense>
      )}
      <FormDialog title={t("file.details")} isOpen={dialog === "details"} onClose={close}>
        <Details file={file} />
      </FormDialog>
      <FormDialog title={t("file.verb.rename")} isOpen={dialog === "rename"} onClose={close}>
        <RenameForm file={file} onClose={close} />
      </FormDialog>
      {(dialog === "flag" || dialog === "unflag" || dialog === "remove") && (
        <FormDialog title={t(`file.verb.${dialog}`)} isOpen onClose={close}>
          <ReasonForm file={file} verb={dialog} onClose={close} />
        </FormDialog>
      )}
    </li>
  );
}

function Marks({ file }: { file: Attachment }) {
  const { t } = useText();
  const scan = file.scan_state ?? "not_scanned";
  return (
    <span className={classes.marks}>
      {file.internal && (
        <span className={classes.internal}>
          <IconEyeOff size={13} aria-hidden />
          {t("file.internal")}
        </span>
      )}
      {file.removed_at && <StatusBadge field="file" word="removed" tone="mute" label={t("file.removed")} />}
      {file.malicious && <StatusBadge field="file" word="sample" tone="bad" label={t("file.sample")} />}
      {!file.removed_at && !(file.malicious && scan === "not_scanned") && (
        <StatusBadge
          field="scan"
          word={scan}
          tone={SCAN_TONE[scan] ?? "mute"}
          label={[t(`file.scan.${scan}`), scan === "infected" && file.scan_result].filter(Boolean).join(": ")}
        />
      )}
    </span>
  );
}

const SCAN_TONE: Record<string, "ok" | "bad" | "info" | "warn"> = {
  clean: "ok",
  infected: "bad",
  waiting: "info",
  failed: "warn",
  too_large: "warn",
};

function Tools({ file, open }: { file: Attachment; open: (dialog: Dialog) => void }) {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  const publish = useVerb("POST /attachments/{id}/publish", ["tickets", "audit"]);
  const askPublish = () =>
    confirm({
      title: t("file.verb.publish"),
      text: t("file.publish_text", { name: file.name }),
      action: t("file.verb.publish"),
      run: async () => {
        await publish.mutateAsync({ path: { id: file.id! } });
        notifyDone(t("state.done"));
      },
    });
  const rows: MenuRow[] = [
    { key: "details", label: t("file.details"), icon: IconHistory, run: () => open("details") },
    ...(can(file, "rename")
      ? [{ key: "rename", label: t("file.verb.rename"), icon: IconPencil, run: () => open("rename") }]
      : []),
    ...(can(file, "publish")
      ? [{ key: "publish", label: t("file.verb.publish"), icon: IconEye, run: askPublish }]
      : []),
    ...(["flag", "unflag"] as const)
      .filter((verb) => can(file, verb))
      .map((verb) => ({ key: verb, label: t(`file.verb.${verb}`), icon: IconShield, run: () => open(verb) })),
    ...(can(file, "remove")
      ? [
          {
            key: "remove",
            label: t("file.verb.remove"),
            icon: IconTrash,
            isDangerous: true,
            run: () => open("remove"),
          },
        ]
      : []),
  ];
  return (
    <span className={classes.tools}>
      {file.preview && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("file.preview_of", { name: file.name })}
          data-hint={t("file.preview")}
          onClick={() => open("preview")}
        >
          <IconEye size={16} aria-hidden />
        </ActionIcon>
      )}
      <Fetch file={file} />
      <MenuButton
        position="bottom-end"
        items={rows}
        button={
          <ActionIcon variant="subtle" color="gray" aria-label={t("file.more_of", { name: file.name })}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        }
      />
      {dialog}
    </span>
  );
}

/* A link and not a script: the browser keeps the file itself, however large it is. */
function Fetch({ file }: { file: Attachment }) {
  const { t } = useText();
  if (can(file, "archive"))
    return (
      <Button
        component="a"
        href={`${API}/attachments/${file.id}/archive`}
        download
        size="compact-xs"
        variant="default"
        title={t("file.archive_hint")}
      >
        {t("file.archive")}
      </Button>
    );
  if (!can(file, "download")) return null;
  return (
    <ActionIcon
      component="a"
      href={`${API}/attachments/${file.id}/content`}
      download
      variant="subtle"
      color="gray"
      aria-label={t("file.fetch_of", { name: file.name })}
      data-hint={t("file.fetch")}
    >
      <IconDownload size={16} aria-hidden />
    </ActionIcon>
  );
}
