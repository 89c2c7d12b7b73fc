import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { GrantMatrix } from "./GrantMatrix";

/* A new permission set: its names, its side, and what it grants. */
export default function SetForm({
  onCancel,
  onDone,
}: {
  onCancel: () => void;
  onDone: (id: string) => void;
}) {
  const { t } = useText();
  const { isProvider } = useSession();
  return (
    <Form
      route="POST /permission-sets"
      noun="permission_set"
      wide
      layout={[["name_ja", "name_en"], "key", "grants"]}
      initial={{ grants: [] }}
      controls={{
        grants: (control) => (
          <GrantMatrix
            value={(control.value as string[]) ?? []}
            onChange={control.onChange}
            error={control.error}
            side={isProvider ? "provider" : "customer"}
            isScrolling
          />
        ),
      }}
      submit={t("action.create")}
      onCancel={onCancel}
      onDone={(set) => {
        notifyDone(t("state.saved"));
        onDone(set.id);
      }}
    />
  );
}
