/* LookBar: asking what a change would do; SaveBar: keeping it once that was seen. */
import { Button, Group, Select, SimpleGrid } from "@mantine/core";
import { useText } from "@/text";

export function LookBar({
  months,
  onChange,
  onLook,
}: {
  months: string;
  onChange: (months: string) => void;
  onLook: () => void;
}) {
  const { t } = useText();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: "end" }}>
      <Select
        label={t("what_if.back")}
        data={["0", "1", "3", "6", "12"].map((n) => ({ value: n, label: t(`what_if.months_${n}`) }))}
        value={months}
        allowDeselect={false}
        onChange={(value) => onChange(value ?? "0")}
      />
      <div>
        <Button variant="light" onClick={onLook}>
          {t("what_if.look")}
        </Button>
      </div>
    </SimpleGrid>
  );
}

export function SaveBar({
  onCancel,
  onSave,
  isSaving,
  isReady,
}: {
  onCancel: () => void;
  onSave: () => void;
  isSaving: boolean;
  isReady: boolean;
}) {
  const { t } = useText();
  return (
    <Group gap="xs" justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t("action.cancel")}
      </Button>
      <Button onClick={onSave} loading={isSaving} disabled={!isReady}>
        {t("action.save")}
      </Button>
    </Group>
  );
}
