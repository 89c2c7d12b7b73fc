import type { Body, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText, type Text } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { GrantMatrix } from "./GrantMatrix";

/* A new permission set: its names, its side, and what it grants. */
export default function SetForm({
  from,
  onCancel,
  onDone,
}: {
  /** What it starts with, when it is made out of another one. */
  from?: Item<"GET /permission-sets">;
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
      initial={from ? copyOf(from, t) : { grants: [] }}
      controls={{
        grants: (control) => (
          <GrantMatrix
            value={(control.value as string[]) ?? []}
            onChange={control.onChange}
            error={control.error}
            side={from?.side ?? (isProvider ? "provider" : "customer")}
            isScrolling
          />
        ),
      }}
      prepare={(body) => (from ? { ...body, tenant_id: from.tenant_id } : body)}
      submit={t("action.create")}
      onCancel={onCancel}
      onDone={(set) => {
        notifyDone(t("state.saved"));
        onDone(set.id);
      }}
    />
  );
}

/* The server has the last word about a key that is taken. */
export const copyOf = (set: Item<"GET /permission-sets">, t: Text): Body<"POST /permission-sets"> => ({
  name_ja: t("permission_set.copy_of", { name: set.name_ja }),
  name_en: t("permission_set.copy_of", { name: set.name_en }),
  key: `${set.key}_copy`,
  grants: set.grants ?? [],
});
