/* ConditionRows: fields, how they are compared, and with what. Without a field a text is sought anywhere. */
import { ActionIcon, Autocomplete, Button, Select, TagsInput } from "@mantine/core";
import { useText } from "@/text";
import { IconPlus, IconTrash } from "@/ui/icons";
import classes from "./Hunt.module.css";
import {
  emptyCondition,
  FIELDS,
  isBetterAsWord,
  OPERATORS,
  takesValues,
  type Condition,
  type Operator,
} from "./model";

interface RowsProps {
  of: Condition[];
  errorAt: (pointer: string) => string | undefined;
  onChange: (conditions: Condition[]) => void;
}

export default function ConditionRows({ of, errorAt, onChange }: RowsProps) {
  const { t } = useText();
  const put = (at: number, change: Partial<Condition>) =>
    onChange(of.map((one, n) => (n === at ? { ...one, ...change } : one)));
  return (
    <div className={classes.rows}>
      {of.map((condition, at) => (
        <ConditionRow
          // Rows have no identity but their place.
          key={at}
          nth={at + 1}
          condition={condition}
          error={(part) => errorAt(`/conditions/${at}/${part}`)}
          onChange={(change) => put(at, change)}
          onRemove={of.length > 1 ? () => onChange(of.filter((_, n) => n !== at)) : undefined}
        />
      ))}
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={of.length >= 20}
        onClick={() => onChange([...of, emptyCondition()])}
      >
        {t("hunt.add_condition")}
      </Button>
    </div>
  );
}

interface RowProps {
  nth: number;
  condition: Condition;
  error: (part: string) => string | undefined;
  onChange: (change: Partial<Condition>) => void;
  onRemove?: () => void;
}

function ConditionRow({ nth, condition, error, onChange, onRemove }: RowProps) {
  const { t, value } = useText();
  const valueError = error("values") ?? error("values/0");
  return (
    <div className={classes.row} role="group" aria-label={t("hunt.condition", { nth })}>
      <Autocomplete
        aria-label={t("hunt.which_field")}
        placeholder={t("hunt.anywhere")}
        data={FIELDS}
        limit={12}
        value={condition.field}
        error={error("field")}
        onChange={(field) => onChange({ field })}
      />
      <Select
        aria-label={t("hunt.how")}
        data={OPERATORS.map((word) => ({ value: word, label: value("hunt_operator", word) }))}
        value={condition.operator}
        allowDeselect={false}
        onChange={(word) => onChange({ operator: (word ?? "contains") as Operator })}
      />
      {takesValues(condition.operator) ? (
        <TagsInput
          aria-label={t("hunt.which_values")}
          placeholder={condition.values.length ? undefined : t("hunt.values_hint")}
          value={condition.values}
          splitChars={[]}
          acceptValueOnBlur
          error={valueError}
          onChange={(values) => onChange({ values })}
        />
      ) : (
        <span />
      )}
      {onRemove ? (
        <ActionIcon variant="subtle" color="gray" aria-label={t("hunt.remove_condition", { nth })} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      ) : (
        <span />
      )}
      {isBetterAsWord(condition) && (
        <p className={classes.hint}>
          {t("hunt.word_hint")}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => onChange({ operator: "has_word" })}>
            {t("hunt.as_word")}
          </Button>
        </p>
      )}
    </div>
  );
}
