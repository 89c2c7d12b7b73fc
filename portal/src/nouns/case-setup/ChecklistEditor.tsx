import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { IconPlus, IconTrash } from "@/ui/icons";
import { Note } from "@/ui/Note";
import type { Template } from "./CaseSetupPage";
import classes from "./CaseSetup.module.css";
import { useSave } from "./useSave";

type Entry = { text_ja: string; text_en: string };
const EMPTY: Entry = { text_ja: "", text_en: "" };

export default function ChecklistEditor({
  template,
  onClose,
}: {
  template: Template | null;
  onClose: () => void;
}) {
  const { t } = useText();
  const [row, setRow] = useState({
    name_ja: template?.name_ja ?? "",
    name_en: template?.name_en ?? "",
    category_id: template?.category_id ?? "",
    automatic: template?.automatic ?? false,
    active: template?.active ?? true,
  });
  const [items, setItems] = useState<Entry[]>((template?.items as Entry[] | undefined) ?? [EMPTY]);
  const categories = useRead("GET /ticket-categories", { query: { limit: 100 } as never });
  const create = useSave("POST /checklist-templates", onClose);
  const change = useSave("PUT /checklist-templates/{id}", onClose);
  const { faults, isSaving } = template ? change : create;
  const send = () => {
    const body = { ...row, category_id: row.category_id || undefined, items: items.filter(isFilled) } as never;
    if (template) change.save({ path: { id: template.id! }, version: template.version, body });
    else create.save({ body });
  };
  const text = (name: "name_ja" | "name_en") => (
    <TextInput
      label={t(`setup.${name}`)}
      required
      maxLength={120}
      value={row[name]}
      onChange={(event) => setRow({ ...row, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form onSubmit={(event) => (event.preventDefault(), send())}>
      <Stack gap="md">
        <div className={classes.pair}>
          {text("name_ja")}
          {text("name_en")}
        </div>
        <NativeSelect
          label={t("setup.category")}
          data={[
            { value: "", label: t("setup.any_category") },
            ...(categories.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
          value={row.category_id}
          onChange={(event) => setRow({ ...row, category_id: event.currentTarget.value })}
        />
        <Items items={items} onChange={setItems} />
        <Checkbox
          label={t("setup.automatic")}
          checked={row.automatic}
          onChange={(event) => setRow({ ...row, automatic: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("setup.active")}
          checked={row.active}
          onChange={(event) => setRow({ ...row, active: event.currentTarget.checked })}
        />
        {faults.length > 0 && (
          <Note tone="bad" role="alert">
            {faults.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </Note>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={isSaving}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const isFilled = (item: Entry) => Boolean(item.text_ja.trim() || item.text_en.trim());

function Items({ items, onChange }: { items: Entry[]; onChange: (items: Entry[]) => void }) {
  const { t } = useText();
  const set = (nth: number, change: Partial<Entry>) =>
    onChange(items.map((one, i) => (i === nth ? { ...one, ...change } : one)));
  return (
    <div role="group" aria-label={t("setup.items_label")}>
      <Text size="sm" fw={500} mb={4}>
        {t("setup.items_label")}
      </Text>
      {items.map((one, nth) => (
        <div key={nth} className={classes.item}>
          {(["text_ja", "text_en"] as const).map((name) => (
            <TextInput
              key={name}
              size="xs"
              aria-label={t(`setup.${name}`, { n: nth + 1 })}
              placeholder={t(`setup.${name}_short`)}
              maxLength={300}
              value={one[name]}
              onChange={(event) => set(nth, { [name]: event.currentTarget.value })}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("setup.remove_item", { n: nth + 1 })}
            onClick={() => onChange(items.filter((_, i) => i !== nth))}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={items.length >= 50}
        onClick={() => onChange([...items, EMPTY])}
      >
        {t("setup.add_item")}
      </Button>
    </div>
  );
}
