/* WebhooksPage: where an organisation's own systems hear of changes. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconPlus } from "@/ui/icons";
import { Page } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column } from "@/ui/table/model";
import { Tags, TwoLines } from "@/ui/Tags";
import { STATE_TONES } from "./tones";

const MakeWebhook = lazy(() => import("./MakeWebhook"));

export type Webhook = Item<"GET /webhooks">;

export default function WebhooksPage() {
  const { t, language } = useText();
  const { may, isProvider } = useSession();
  const [isMaking, setMaking] = useState(false);
  const columns = useMemo<Column<Webhook>[]>(
    () => [
      { id: "name", cell: (row) => <TwoLines first={row.name} second={row.url} /> },
      ...(isProvider ? [{ id: "tenant_name", cell: (row: Webhook) => row.tenant_name }] : []),
      {
        id: "state",
        cell: (row) => (
          <StatusBadge
            field="webhook_state"
            word={row.failing_since && row.state === "active" ? "failing" : row.state}
            tone={row.failing_since ? "bad" : STATE_TONES[row.state]}
          />
        ),
      },
      {
        id: "events",
        cell: (row) => (row.events?.length ? <Tags of={row.events} max={2} /> : t("webhook.all_events")),
      },
      { id: "last_delivered_at", cell: (row) => <RelativeTime at={row.last_delivered_at} /> },
    ],
    [isProvider, language],
  );
  return (
    <Page
      title={t("page.webhooks")}
      lead={t("webhook.lead")}
      actions={
        may("api_keys:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("webhook.make")}
          </Button>
        )
      }
    >
      <DataTable
        name="webhooks"
        noun="webhook"
        route="GET /webhooks"
        columns={columns}
        sort="name"
        open={(row) => `/webhooks/${row.id}`}
        empty={{ title: t("webhook.empty"), hint: t("webhook.empty_hint") }}
      />
      {isMaking && (
        <Suspense>
          <MakeWebhook onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </Page>
  );
}
