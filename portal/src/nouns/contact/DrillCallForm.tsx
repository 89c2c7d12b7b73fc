import { SegmentedControl, Text } from "@mantine/core";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import type { DrillLine } from "./DrillPage";

/* What came of calling one contact in a drill. */
export default function DrillCallForm({
  drillId,
  line,
  onDone,
}: {
  drillId: string;
  line: DrillLine;
  onDone: () => void;
}) {
  const { t } = useText();
  return (
    <Form
      route="POST /contact-drills/{id}/calls"
      noun="drill"
      path={{ id: drillId }}
      layout={["outcome", "note"]}
      initial={{ outcome: "reached" } as never}
      prepare={(body) => ({ ...body, line_id: line.id })}
      controls={{
        outcome: (control) => <Outcome value={control.value as string} onChange={control.onChange} />,
      }}
      submit={t("action.save")}
      onCancel={onDone}
      onDone={onDone}
    >
      <Text size="sm" c="dimmed">
        {t("drill.call_help")}
      </Text>
    </Form>
  );
}


function Outcome({ value: chosen, onChange }: { value: string; onChange: (word: string) => void }) {
  const { value, field } = useText();
  return (
    <SegmentedControl
      aria-label={field("outcome", "drill")}
      data={["reached", "failed"].map((word) => ({ value: word, label: value("drill_outcome", word) }))}
      value={chosen}
      onChange={onChange}
    />
  );
}
