import { Button, Text } from "@mantine/core";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { useConfirm } from "@/ui/confirm";
import { Form, type FormProps } from "@/ui/Form";
import { MarkdownField } from "@/ui/MarkdownField";
import { notifyDone } from "@/ui/notify";

const PLACEHOLDERS = ["customer", "requester", "reference", "subject", "category", "engineer"];

interface CannedAnswerFormProps {
  answer: Item<"GET /canned-answers"> | null;
  mayWrite: boolean;
  onClose: () => void;
}

type Shared = Pick<
  FormProps<"POST /canned-answers">,
  "noun" | "layout" | "wide" | "controls" | "alsoChanges" | "submit" | "isDisabled" | "onCancel" | "onDone"
>;

export default function CannedAnswerForm({ answer, mayWrite, onClose }: CannedAnswerFormProps) {
  const { t } = useText();
  const shared: Shared = {
    noun: "canned_answer",
    layout: [["title_ja", "title_en"], "category_id", "body_ja", "body_en"],
    wide: true,
    controls: {
      body_ja: (control) => <Words control={control} />,
      body_en: (control) => <Words control={control} />,
    },
    alsoChanges: ["audit", "tickets"],
    submit: t("action.save"),
    isDisabled: !mayWrite,
    onCancel: onClose,
    onDone: () => {
      notifyDone(t("state.saved"));
      onClose();
    },
  };
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t("canned_answer.placeholders")}{" "}
        <span className="y-mono">{PLACEHOLDERS.map((name) => `{{${name}}}`).join(" ")}</span>
      </Text>
      {answer ? (
        <Form
          {...(shared as object as FormProps<"PUT /canned-answers/{id}">)}
          route="PUT /canned-answers/{id}"
          path={{ id: answer.id }}
          version={answer.version}
          initial={answer as never}
        >
          {mayWrite && <Remove answer={answer} onDone={onClose} />}
        </Form>
      ) : (
        <Form {...shared} route="POST /canned-answers" />
      )}
    </>
  );
}

function Words({ control }: { control: Control }) {
  const { field } = useText();
  return (
    <MarkdownField
      label={field(control.name, "canned_answer")}
      name={control.name}
      value={(control.value as string) ?? ""}
      onChange={control.onChange}
      error={control.error}
      disabled={control.disabled}
      maxLength={control.field.max}
      minRows={6}
      required
    />
  );
}

function Remove({ answer, onDone }: { answer: Item<"GET /canned-answers">; onDone: () => void }) {
  const { t } = useText();
  const remove = useVerb("DELETE /canned-answers/{id}", ["audit", "tickets"]);
  const { confirm, dialog } = useConfirm();
  const ask = () =>
    confirm({
      title: t("canned_answer.remove"),
      text: t("canned_answer.remove_text"),
      action: t("action.delete"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: answer.id } }).then(onDone),
    });
  return (
    <>
      <Button variant="subtle" c="var(--y-bad)" style={{ alignSelf: "flex-start" }} onClick={ask}>
        {t("canned_answer.remove")}
      </Button>
      {dialog}
    </>
  );
}
