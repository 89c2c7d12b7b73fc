import type { Item } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";

export default function PersonForm({
  person,
  onClose,
}: {
  person: Item<"GET /people">;
  onClose: () => void;
}) {
  const { t } = useText();
  const isOfProvider = person.side === "provider";
  return (
    <Form
      route="PUT /people/{id}"
      noun="person"
      path={{ id: person.id }}
      version={person.version ?? undefined}
      initial={person as never}
      layout={["name", ["language", "time_zone"], "permission_set_ids", "all_tenants", "tenant_ids"]}
      lookups={{ permission_set_ids: { tenant_id: person.tenant_id } }}
      isHidden={(name, values) =>
        (name === "all_tenants" && !isOfProvider) ||
        (name === "tenant_ids" && (!isOfProvider || values.all_tenants === true))
      }
      submit={t("action.save")}
      onCancel={onClose}
      onDone={() => {
        notifyDone(t("state.saved"));
        onClose();
      }}
    />
  );
}
