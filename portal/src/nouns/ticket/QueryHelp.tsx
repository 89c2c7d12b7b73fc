/* QueryHelp: what can follow where somebody is writing: fields, then the words that a field knows. */
import { useEffect, useImperativeHandle, useState, type RefObject } from "react";
import { useQuery } from "@tanstack/react-query";
import { readOptions } from "@/api/queries";
import { useText } from "@/text";
import { useOptions } from "@/ui/options";
import type { Suggested } from "./QueryBox";
import classes from "./QueryBox.module.css";
import { quoted, unfinishedAt } from "./query";

interface HelpProps {
  text: string;
  caret: number;
  control: RefObject<Suggested | null>;
  onComplete: (text: string, caret: number) => void;
}

interface Choice {
  key: string;
  puts: string;
  title: string;
  hint?: string;
  example?: string;
}

/* Fields whose values are names of something: where they come from. */
const NAMES: Record<string, string> = { customer: "tenant_id", category: "category_id" };

export default function QueryHelp({ text, caret, control, onComplete }: HelpProps) {
  const { t } = useText();
  const choices = useChoices(text, caret);
  const [at, setAt] = useState(-1);
  const { start, typed } = unfinishedAt(text, caret);
  useEffect(() => setAt(-1), [text]);
  const take = (choice: Choice) => {
    const put = text.slice(0, start) + choice.puts;
    onComplete(put + text.slice(caret), put.length);
  };
  useImperativeHandle(control, () => ({
    move: (by) => setAt((now) => Math.max(-1, Math.min(choices.length - 1, now + by))),
    pick: () => {
      const choice = choices[at];
      if (choice) take(choice);
      return Boolean(choice);
    },
    isUnfinished: () => typed !== "" && choices.length > 0 && choices.every((choice) => choice.puts !== typed),
  }));
  if (choices.length === 0) return null;
  return (
    <ul className={classes.help} role="listbox" aria-label={t("ticket.query.choices")}>
      {choices.map((choice, index) => (
        <li
          key={choice.key}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={classes.option}
          onMouseDown={(event) => {
            event.preventDefault();
            take(choice);
          }}
        >
          <b>{choice.title}</b>
          {choice.hint && <span>{choice.hint}</span>}
          {choice.example && <code>{choice.example}</code>}
        </li>
      ))}
    </ul>
  );
}

function useChoices(text: string, caret: number): Choice[] {
  const { language } = useText();
  const fields = useQuery({ ...readOptions("GET /tickets/query/fields"), staleTime: Infinity });
  const unfinished = unfinishedAt(text, caret);
  const known = fields.data?.items ?? [];
  const field = known.find((one) => one.name === unfinished.field || one.ja === unfinished.field);
  const { options } = useOptions(field ? (NAMES[field.name] ?? "") : "");
  const typed = unfinished.typed.replace(/^["「“]/, "").toLowerCase();
  const fits = (...names: Array<string | null>) =>
    names.some((name) => {
      const lower = name?.toLowerCase() ?? "";
      return lower.startsWith(typed) || (typed.length > 1 && lower.includes(typed));
    });
  if (unfinished.field === null)
    return known
      .filter((one) => fits(one.name, one.ja))
      .map((one) => ({
        key: one.name,
        puts: one.kind === "ahead" ? `${one.name}<` : `${one.name}:`,
        title: one.name,
        hint: one.hint,
        example: one.example,
      }));
  if (!field) return [];
  const words = field.words
    .filter((one) => fits(one.word, one.ja))
    .map((one) => ({
      key: one.word,
      puts: one.word,
      title: one.word,
      hint: language === "ja" ? (one.ja ?? "") : "",
    }));
  const names = options
    .filter((one) => fits(one.label) || one.label.toLowerCase().includes(typed))
    .slice(0, 20)
    .map((one) => ({ key: one.value, puts: quoted(one.label), title: one.label }));
  return [...words, ...names];
}
