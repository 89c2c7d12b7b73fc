/* Toasts: the notes of notify.ts, told to screen readers too. */
import { CloseButton } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useText } from "@/text";
import { IconAlertTriangle, IconCircleCheck } from "./icons";
import { noteStore } from "./notify";
import classes from "./Toasts.module.css";

export function Toasts() {
  const { t } = useText();
  const notes = useSyncExternalStore(noteStore.subscribe, noteStore.read);
  return (
    <div className={classes.corner} role="status" aria-live="polite">
      {notes.map((note) => {
        const Shape = note.tone === "ok" ? IconCircleCheck : IconAlertTriangle;
        return (
          <div key={note.id} className={classes.note} data-tone={note.tone}>
            <Shape size={18} aria-hidden />
            <div className={classes.words}>
              {note.title && <strong>{note.title}</strong>}
              <span>{note.message}</span>
            </div>
            <CloseButton size="sm" aria-label={t("action.close")} onClick={() => noteStore.remove(note.id)} />
          </div>
        );
      })}
    </div>
  );
}
