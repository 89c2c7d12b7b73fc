/* QueryBox: where cases are asked for in words. Only what the server understands becomes the question; what it does not
 * is told beneath, with the place. Completion is downloaded when somebody begins to write. */
import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { call, type Out } from "@/api/client";
import { useText } from "@/text";
import { putWords } from "@/ui/caret";
import { IconSearch } from "@/ui/icons";
import classes from "./QueryBox.module.css";

const QueryHelp = lazy(() => import("./QueryHelp"));

export interface Suggested {
  pick: () => boolean;
  move: (by: number) => void;
  /** Something that was begun can be completed: the question is not ready. */
  isUnfinished: () => boolean;
}

type Fault = NonNullable<Out<"GET /tickets/query/check">["fault"]>;

export function QueryBox({ value, onAsk }: { value: string; onAsk: (query: string) => void }) {
  const { t } = useText();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const help = useRef<Suggested>(null);
  const asked = useRef(0);
  const told = useRef(value);
  const [typed, setTyped] = useState(value);
  const [caret, setCaret] = useState<number | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  // Our own question comes back while somebody may be writing on: only another one replaces what stands here.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    asked.current++;
    setTyped(value);
    setFault(null);
  }, [value]);

  const ask = async (text: string) => {
    const turn = ++asked.current;
    const query = text.trim();
    const checked = query
      ? await call("GET /tickets/query/check", { query: { text: query } }).catch(() => null)
      : null;
    if (turn !== asked.current) return;
    setFault(checked?.fault ?? null);
    if (checked?.fault || query === told.current) return;
    told.current = query;
    onAsk(query);
  };
  const askSoon = useDebouncedCallback((text: string) => {
    if (!help.current?.isUnfinished()) void ask(text);
  }, 400);

  const change = (text: string, at: number) => {
    setTyped(text);
    setCaret(at);
    askSoon(text);
  };
  const complete = (text: string, at: number) => putWords(box, () => change(text, at), at);
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && caret !== null) {
      event.preventDefault();
      setCaret(null);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (caret === null) setCaret(event.currentTarget.selectionStart);
      else help.current?.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (help.current?.pick()) return;
      setCaret(null);
      void ask(typed);
    }
  };
  const repair = (one: Fault) => {
    const letters = [...typed];
    letters.splice(one.at, one.length, one.suggestion!);
    complete(letters.join(""), letters.slice(0, one.at + 1).join("").length);
  };

  return (
    <div
      className={classes.place}
      role="search"
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setCaret(null);
        void ask(typed);
      }}
    >
      <TextInput
        ref={box}
        size="xs"
        type="search"
        spellCheck={false}
        autoComplete="off"
        aria-label={t("ticket.search")}
        aria-describedby={fault ? `${id}-fault` : undefined}
        aria-invalid={fault ? true : undefined}
        aria-controls={`${id}-help`}
        aria-autocomplete="list"
        placeholder={t("ticket.query.example")}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={typed}
        data-list-search
        maxLength={1000}
        onClick={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKey}
        onChange={(event) => change(event.currentTarget.value, event.currentTarget.selectionStart ?? 0)}
      />
      {fault && (
        <p className={classes.fault} id={`${id}-fault`} role="status">
          {fault.message}
          {fault.suggestion && (
            <button type="button" onClick={() => repair(fault)}>
              {t("ticket.query.take", { word: fault.suggestion })}
            </button>
          )}
        </p>
      )}
      <div id={`${id}-help`}>
        {caret !== null && (
          <Suspense>
            <QueryHelp text={typed} caret={caret} control={help} onComplete={complete} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
