/* ChoiceCards: one out of a few, each with a sentence that says when to choose it. */
import { Text } from "@mantine/core";
import { Fragment, useId, type ReactNode } from "react";
import classes from "./ChoiceCards.module.css";

export interface Card {
  value: string;
  title: ReactNode;
  hint: string;
  /** Neighbours of one group stand under its name. */
  group?: string;
}

interface ChoiceCardsProps {
  label: string;
  name: string;
  cards: Card[];
  value: string | null;
  onChange: (value: string) => void;
  error?: string;
  columns?: number;
}

export function ChoiceCards({ label, name, cards, value, onChange, error, columns = 2 }: ChoiceCardsProps) {
  const id = useId();
  return (
    <fieldset className={classes.set} aria-describedby={error ? id : undefined}>
      <legend>
        {label}
        <span className={classes.star} aria-hidden>
          {" *"}
        </span>
      </legend>
      <div className={classes.cards} data-columns={columns}>
        {cards.map((card, nth) => (
          <Fragment key={card.value}>
            {card.group && card.group !== cards[nth - 1]?.group && (
              <span className={classes.group}>{card.group}</span>
            )}
            <label className={classes.card}>
              <input
                type="radio"
                name={name}
                value={card.value}
                checked={value === card.value}
                onChange={() => onChange(card.value)}
              />
              <span>
                <span className={classes.title}>{card.title}</span>
                <span className={classes.hint}>{card.hint}</span>
              </span>
            </label>
          </Fragment>
        ))}
      </div>
      {error && (
        <Text id={id} size="xs" c="var(--y-bad)" mt={5}>
          {error}
        </Text>
      )}
    </fieldset>
  );
}
