/* PickList: a box to type in and, under it, what can be taken: arrows move, Enter takes. The command palette and
 * the choice of a customer are made of it. */
import { TextInput } from "@mantine/core";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useText } from "@/text";
import { IconCheck, IconSearch, type Icon } from "./icons";
import classes from "./PickList.module.css";

export interface Choice {
  key: string;
  title: string;
  subtitle?: string;
  icon?: Icon;
  isChosen?: boolean;
}

export interface ChoiceGroup<T extends Choice> {
  title?: string;
  choices: T[];
}

interface PickListProps<T extends Choice> {
  hint: string;
  listLabel: string;
  typed: string;
  onType: (typed: string) => void;
  groups: ChoiceGroup<T>[];
  onTake: (choice: T) => void;
  footer?: ReactNode;
}

export function PickList<T extends Choice>({
  hint,
  listLabel,
  typed,
  onType,
  groups,
  onTake,
  footer,
}: PickListProps<T>) {
  const { t } = useText();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const all = groups.flatMap((group) => group.choices);
  useEffect(() => setActive(0), [typed]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setActive((now) => (now + step + all.length) % Math.max(all.length, 1));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const choice = all[active];
      if (choice) onTake(choice);
    }
  };

  let offset = 0;
  return (
    <div className={classes.box}>
      <TextInput
        variant="unstyled"
        size="md"
        px="md"
        className={classes.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={all.length > 0 ? `${id}-${active}` : undefined}
        aria-label={hint}
        placeholder={hint}
        leftSection={<IconSearch size={17} aria-hidden />}
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div ref={list} className={classes.list} id={`${id}-list`} role="listbox" aria-label={listLabel}>
        {groups.map((group) => {
          const start = offset;
          offset += group.choices.length;
          if (group.choices.length === 0) return null;
          return (
            <div key={group.title ?? "all"} role="group" aria-label={group.title ?? listLabel}>
              {group.title && (
                <div className={classes.group} aria-hidden>
                  {group.title}
                </div>
              )}
              {group.choices.map((choice, index) => (
                <Option
                  key={choice.key}
                  id={`${id}-${start + index}`}
                  choice={choice}
                  isActive={active === start + index}
                  onTake={() => onTake(choice)}
                  onHover={() => setActive(start + index)}
                />
              ))}
            </div>
          );
        })}
      </div>
      {all.length === 0 && (
        <div className={classes.none} role="status">
          {t("state.nothing_found")}
        </div>
      )}
      {footer}
    </div>
  );
}

function Option({
  id,
  choice,
  isActive,
  onTake,
  onHover,
}: {
  id: string;
  choice: Choice;
  isActive: boolean;
  onTake: () => void;
  onHover: () => void;
}) {
  const Picture = choice.icon;
  return (
    <div
      id={id}
      role="option"
      className={classes.option}
      aria-selected={isActive}
      onClick={onTake}
      onMouseMove={onHover}
    >
      {Picture && <Picture size={17} stroke={1.7} aria-hidden />}
      <span>{choice.title}</span>
      {choice.subtitle && <small>{choice.subtitle}</small>}
      {choice.isChosen && <IconCheck size={15} aria-hidden />}
    </div>
  );
}
