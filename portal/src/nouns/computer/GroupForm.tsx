/* GroupForm: a group that is filled by hand, or one that holds whoever meets its conditions. */
import { Button, Select, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import type { Control } from "@/ui/fields";
import classes from "./Computer.module.css";

interface Condition {
  field: string;
  operator: string;
  values: string[];
}

export default function GroupForm({ onDone }: { onDone: () => void }) {
  const { t } = useText();
  return (
    <Form
      route="POST /computer-groups"
      noun="computer_group"
      layout={["tenant_id", ["name", "kind"], "description", "conditions"]}
      initial={{ kind: "static" } as never}
      controls={{ conditions: (control) => <Conditions control={control} /> }}
      isHidden={(name, values) => name === "conditions" && values.kind !== "dynamic"}
      alsoChanges={["computers"]}
      submit={t("action.create")}
      onCancel={onDone}
      onDone={onDone}
    />
  );
}

function Conditions({ control }: { control: Control }) {
  const { t, value } = useText();
  const fields = useRead("GET /computer-groups/fields").data?.fields ?? [];
  const [rows, setRows] = useState<Condition[]>((control.value as unknown as Condition[]) ?? []);
  const write = (next: Condition[]) => {
    setRows(next);
    control.onChange(next as never);
  };
  const change = (at: number, some: Partial<Condition>) =>
    write(rows.map((row, nth) => (nth === at ? { ...row, ...some } : row)));
  const add = () => {
    const first = fields[0];
    if (first) write([...rows, { field: first.field, operator: first.operators?.[0] ?? "is", values: [] }]);
  };
  return (
    <div>
      {rows.map((row, at) => {
        const field = fields.find((one) => one.field === row.field);
        return (
          <div key={at} className={classes.conditions}>
            <Select
              label={t("computer.group.field")}
              data={fields.map((one) => ({ value: one.field, label: value("group_field", one.field) }))}
              value={row.field}
              allowDeselect={false}
              onChange={(next) => {
                const found = fields.find((one) => one.field === next);
                change(at, { field: next ?? "name", operator: found?.operators?.[0] ?? "is", values: [] });
              }}
            />
            <Select
              label={t("computer.group.operator")}
              data={(field?.operators ?? []).map((one) => ({ value: one, label: value("group_operator", one) }))}
              value={row.operator}
              allowDeselect={false}
              onChange={(next) => change(at, { operator: next ?? "is" })}
            />
            <TagsInput
              label={t("computer.group.values")}
              data={field?.words ?? []}
              value={row.values}
              onChange={(next) => change(at, { values: next })}
            />
            <Button variant="subtle" onClick={() => write(rows.filter((_, nth) => nth !== at))}>
              {t("action.delete")}
            </Button>
          </div>
        );
      })}
      <Button variant="default" size="xs" mt="xs" onClick={add}>
        {t("computer.group.add")}
      </Button>
    </div>
  );
}
