/* MarkdownField: where people write, with a look at what it will become. Ctrl and Enter is the button beside it. */
import { Text, Textarea, UnstyledButton } from "@mantine/core";
import { useId, useState, type KeyboardEvent, type Ref } from "react";
import { useText } from "@/text";
import { Markdown } from "./Markdown";
import classes from "./Markdown.module.css";

interface MarkdownFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: () => void;
  name?: string;
  error?: string;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  minRows?: number;
  maxLength?: number;
  box?: Ref<HTMLTextAreaElement>;
  /** Where the caret stands, whenever it may have moved. */
  onCaret?: (caret: number) => void;
  /** Keys the page takes first; true: it has. */
  onKey?: (event: KeyboardEvent) => boolean;
}

export function MarkdownField({
  label,
  value,
  onChange,
  onSubmit,
  box,
  onCaret,
  onKey: onOwnKey,
  minRows = 4,
  ...rest
}: MarkdownFieldProps) {
  const { t } = useText();
  const id = useId();
  const [isPreview, setPreview] = useState(false);
  const onKey = (event: KeyboardEvent) => {
    if (!event.nativeEvent.isComposing && onOwnKey?.(event)) return event.preventDefault();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSubmit?.();
  };
  const tab = (preview: boolean, text: string) => (
    <UnstyledButton
      className={classes.tab}
      aria-pressed={isPreview === preview}
      onClick={() => setPreview(preview)}
    >
      {text}
    </UnstyledButton>
  );
  return (
    <div>
      <div className={classes.head}>
        <Text component="label" htmlFor={id} size="sm" fw={600}>
          {label}
          {rest.required && (
            <Text span c="var(--y-bad)" aria-hidden>
              {" *"}
            </Text>
          )}
        </Text>
        <span className={classes.tabs}>
          {tab(false, t("markdown.write"))}
          {tab(true, t("markdown.preview"))}
        </span>
      </div>
      {isPreview ? (
        <div className={classes.preview}>
          {value.trim() ? <Markdown text={value} /> : <Text c="dimmed">{t("markdown.nothing")}</Text>}
        </div>
      ) : (
        <Textarea
          {...rest}
          id={id}
          ref={box}
          autosize
          minRows={minRows}
          maxRows={20}
          value={value}
          onKeyDown={onKey}
          onSelect={(event) => onCaret?.(event.currentTarget.selectionStart)}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            onCaret?.(event.currentTarget.selectionStart);
          }}
        />
      )}
    </div>
  );
}
