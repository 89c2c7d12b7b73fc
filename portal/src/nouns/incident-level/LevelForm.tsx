/* LevelForm: what one level means and whom it tells. Writing is one verb: a customer's level is there afterwards. */
import { Button, NativeSelect } from "@mantine/core";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Form } from "@/ui/Form";
import { Note } from "@/ui/Note";
import { notifyDone } from "@/ui/notify";
import type { Begun, IncidentLevel } from "./IncidentLevelsPage";

const LEVELS = [4, 3, 2, 1, 0];

export default function LevelForm({ begun, onClose }: { begun: Begun; onClose: () => void }) {
  const { t, field, value } = useText();
  const level = begun.kind === "change" ? begun.level : null;
  const mayWrite = !level || level.can.includes("update");
  return (
    <>
      {level && !mayWrite && <Note tone="info">{t("incident_level.not_yours")}</Note>}
      <Form
        route="POST /incident-levels"
        noun="incident_level"
        layout={["tenant_id", "level", "meaning_ja", "meaning_en", "by_mail", "by_phone"]}
        initial={(level ?? { level: 4, by_mail: true }) as never}
        lookups={{ tenant_id: { kind: "customer" } }}
        // Which level of whom it is does not change: saving writes that one.
        controls={{
          ...(level && { tenant_id: () => null }),
          level: (control) =>
            level ? null : (
              <NativeSelect
                label={field("level", "incident_level")}
                data={LEVELS.map((one) => ({ value: String(one), label: value("incident_level", String(one)) }))}
                value={String(control.value)}
                error={control.error}
                onChange={(event) => control.onChange(Number(event.currentTarget.value))}
              />
            ),
        }}
        alsoChanges={["audit"]}
        isDisabled={!mayWrite}
        submit={t("action.save")}
        onCancel={onClose}
        onDone={() => {
          notifyDone(t("state.saved"));
          onClose();
        }}
      >
        {level?.can.includes("delete") && <Remove level={level} onDone={onClose} />}
      </Form>
    </>
  );
}

function Remove({ level, onDone }: { level: IncidentLevel; onDone: () => void }) {
  const { t } = useText();
  const remove = useVerb("DELETE /incident-levels/{id}", ["audit"]);
  const { confirm, dialog } = useConfirm();
  const ask = () =>
    confirm({
      title: t("incident_level.remove"),
      text: t("incident_level.remove_text"),
      action: t("incident_level.remove"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: level.id } }).then(onDone),
    });
  return (
    <>
      <Button variant="subtle" c="var(--y-bad)" style={{ alignSelf: "flex-start" }} onClick={ask}>
        {t("incident_level.remove")}
      </Button>
      {dialog}
    </>
  );
}
