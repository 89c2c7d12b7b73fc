/* SourceForm: a service with its key. The key is typed in and never comes back; an empty one keeps what is there. */
import { Button, PasswordInput } from "@mantine/core";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import type { Control } from "@/ui/fields";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import type { Source } from "./ReputationPage";

/* What VirusTotal's free key allows; who has a better contract writes it here. */
const NEW = {
  kind: "virustotal",
  url: "https://www.virustotal.com",
  enabled: true,
  per_minute: 4,
  per_day: 500,
  keep_hours: 168,
  unknown_hours: 24,
};

export default function SourceForm({ source, onClose }: { source: Source | null; onClose: () => void }) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  const common = {
    noun: "reputation",
    alsoChanges: ["audit"],
    controls: { api_key: (control: Control) => <Key control={control} /> },
    submit: t("action.save"),
    onCancel: onClose,
    onDone: () => {
      notifyDone(t("state.saved"));
      onClose();
    },
  };
  if (!source)
    return (
      <Form
        {...common}
        route="POST /reputation-sources"
        layout={[
          "tenant_id",
          "kind",
          "name",
          "url",
          "api_key",
          ["per_minute", "per_day"],
          ["keep_hours", "unknown_hours"],
          "enabled",
        ]}
        initial={{ ...NEW, tenant_id: isProvider ? undefined : tenant?.id } as never}
        isHidden={(name) => name === "tenant_id" && !isProvider}
      />
    );
  return (
    <Form
      {...common}
      route="PUT /reputation-sources/{id}"
      path={{ id: source.id }}
      version={source.version ?? undefined}
      layout={[
        "name",
        "url",
        "api_key",
        ["per_minute", "per_day"],
        ["keep_hours", "unknown_hours"],
        "enabled",
      ]}
      initial={source as never}
    >
      {source.can.includes("delete") && <Remove source={source} onDone={onClose} />}
    </Form>
  );
}

function Key({ control }: { control: Control }) {
  const { t, field } = useText();
  return (
    <PasswordInput
      label={field("api_key", "reputation")}
      description={t(control.field.required ? "reputation.key_new" : "reputation.key_kept")}
      required={control.field.required}
      name={control.name}
      maxLength={control.field.max}
      autoComplete="new-password"
      value={(control.value as string | null) ?? ""}
      error={control.error}
      aria-invalid={Boolean(control.error)}
      onChange={(event) => control.onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("action.show_password") }}
    />
  );
}

function Remove({ source, onDone }: { source: Source; onDone: () => void }) {
  const { t } = useText();
  const remove = useVerb("DELETE /reputation-sources/{id}", ["audit", "reputation-answers"]);
  const { confirm, dialog } = useConfirm();
  const ask = () =>
    confirm({
      title: t("reputation.remove_source"),
      text: t("reputation.remove_source_text"),
      action: t("action.delete"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: source.id } }).then(onDone),
    });
  return (
    <>
      <Button variant="subtle" c="var(--y-bad)" style={{ alignSelf: "flex-start" }} onClick={ask}>
        {t("reputation.remove_source")}
      </Button>
      {dialog}
    </>
  );
}
