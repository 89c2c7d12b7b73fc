/* DropZone: a place to drop files on, with a button for those who would rather choose. */
import { Button } from "@mantine/core";
import { useRef, useState, type DragEvent, type ReactNode } from "react";
import { useText } from "@/text";
import { IconPaperclip } from "@/ui/icons";
import classes from "./Attachment.module.css";

export function DropZone({ onFiles, children }: { onFiles: (files: File[]) => void; children?: ReactNode }) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("file.choose")}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPaperclip size={15} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t("file.choose")}
      </Button>
      <span className={classes.dropHint}>{t("file.drop_hint")}</span>
      {children}
    </div>
  );
}
