/* MentionList: who can be named where somebody has just written "@": only people who may read the message. */
import { useEffect, useImperativeHandle, useState, type RefObject } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import classes from "./Mentions.module.css";
import type { Named, MentionControl } from "./mentions";

interface MentionListProps {
  ticketId: string;
  isInternal: boolean;
  typed: string;
  control: RefObject<MentionControl | null>;
  onChoose: (person: Named) => void;
}

const SHOWN = 8;

export default function MentionList({ ticketId, isInternal, typed, control, onChoose }: MentionListProps) {
  const { t } = useText();
  const [at, setAt] = useState(0);
  const people = useRead("GET /tickets/{id}/mentionable", {
    path: { id: ticketId },
    query: { internal: isInternal || undefined, limit: 200 } as never,
  });
  const words = typed.toLowerCase();
  const shown = (people.data?.items ?? [])
    .filter((one) => one.person_name.toLowerCase().replace(/\s/g, "").includes(words))
    .slice(0, SHOWN);
  useEffect(() => setAt(0), [typed]);
  const take = (index: number) => {
    const one = shown[index];
    if (one) onChoose({ id: one.person_id!, name: one.person_name });
    return Boolean(one);
  };
  useImperativeHandle(control, () => ({
    move: (by) => setAt((now) => Math.max(0, Math.min(shown.length - 1, now + by))),
    pick: () => take(at),
  }));
  if (shown.length === 0) return null;
  return (
    <ul className={classes.people} role="listbox" aria-label={t("ticket.mention")}>
      {shown.map((one, index) => (
        <li
          key={one.person_id}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={classes.person}
          onMouseDown={(event) => {
            event.preventDefault();
            take(index);
          }}
        >
          <b>{one.person_name}</b>
          <span>{t(`ticket.mention_side.${one.side}`)}</span>
        </li>
      ))}
    </ul>
  );
}
