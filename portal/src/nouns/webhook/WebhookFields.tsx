/* WebhookFields: the form of an endpoint, new or known. */
import { MultiSelect } from "@mantine/core";
import type { Item, Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import type { Control } from "@/ui/fields";

type Webhook = Item<"GET /webhooks">;

export function NewWebhook({ onClose, onDone }: { onClose: () => void; onDone: (made: Webhook) => void }) {
  const { t } = useText();
  const { isProvider, tenant } = useSession();
  return (
    <Form
      route="POST /webhooks"
      noun="webhook"
      layout={["tenant_id", "name", "url", "events"]}
      initial={{ tenant_id: tenant?.id } as never}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      controls={{ events: (control) => <Events control={control} /> }}
      submit={t("action.create")}
      onCancel={onClose}
      onDone={(made) => onDone(made as Out<"POST /webhooks"> & Webhook)}
    />
  );
}

export default function WebhookEdit({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useText();
  return (
    <Form
      route="PUT /webhooks/{id}"
      noun="webhook"
      path={{ id: webhook.id }}
      version={webhook.version ?? undefined}
      initial={webhook as never}
      layout={["name", "url", "events"]}
      controls={{ events: (control) => <Events control={control} /> }}
      submit={t("action.save")}
      onCancel={onClose}
      onDone={onClose}
    />
  );
}

function Events({ control }: { control: Control }) {
  const { t, field } = useText();
  const events = useRead("GET /webhook-events");
  return (
    <MultiSelect
      label={field("events", "webhook")}
      description={t("webhook.events_help")}
      data={(events.data?.items ?? []).map((row) => ({ value: row.key, label: row.title }))}
      value={(control.value as string[] | null) ?? []}
      error={control.error}
      searchable
      nothingFoundMessage={t("state.nothing_found")}
      onChange={control.onChange}
    />
  );
}
