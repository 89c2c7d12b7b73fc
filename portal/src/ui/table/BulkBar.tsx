/* BulkBar: what can be done with the rows that were chosen; a verb takes those of them that it fits. */
import { Button, Text } from "@mantine/core";
import { useText } from "@/text";
import classes from "./DataTable.module.css";
import type { BulkAction } from "./model";

export function BulkBar<T>({
  actions,
  rows,
  onClear,
}: {
  actions: BulkAction<T>[];
  rows: T[];
  onClear: () => void;
}) {
  const { t } = useText();
  return (
    <div className={classes.bulk} role="toolbar" aria-label={t("table.bulk")}>
      <Text size="sm" fw={600}>
        {t("table.selected", { count: rows.length })}
      </Text>
      {actions.map((action) => {
        const fitting = rows.filter((row) => action.appliesTo?.(row) ?? true);
        return (
          <Button
            key={action.key}
            size="xs"
            variant="default"
            disabled={fitting.length === 0}
            c={action.isDangerous ? "var(--y-bad)" : undefined}
            onClick={() => action.run(fitting)}
          >
            {action.label}
          </Button>
        );
      })}
      <Button size="xs" variant="subtle" onClick={onClear}>
        {t("table.select_none")}
      </Button>
    </div>
  );
}
