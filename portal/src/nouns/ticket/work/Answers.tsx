/* Answers: what the category asked for when the case was opened, under the labels it had then. */
import { useText } from "@/text";
import type { Ticket } from "./TicketWork";
import classes from "./Work.module.css";

export default function Answers({ ticket }: { ticket: Ticket }) {
  const { language } = useText();
  const isJapanese = language === "ja";
  return (
    <dl className={classes.answers}>
      {ticket.answers.map((one) => (
        <div key={one.key}>
          <dt>{isJapanese ? one.label_ja : one.label_en}</dt>
          <dd className={one.kind === "hash" ? "y-num" : undefined}>
            {(isJapanese ? one.shown_ja : one.shown_en) || one.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
