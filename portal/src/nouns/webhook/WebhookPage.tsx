/* WebhookPage: one endpoint: how it stands, what was sent, and what can be done. */
import { lazy, Suspense } from "react";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { LoadingState } from "@/ui/LoadingState";
import { useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tags } from "@/ui/Tags";
import { STATE_TONES } from "./tones";
import { WebhookVerbs } from "./WebhookVerbs";

const Deliveries = lazy(() => import("./Deliveries"));

type Webhook = Out<"GET /webhooks/{id}">;

export default function WebhookPage() {
  const { t } = useText();
  const webhook = useRead("GET /webhooks/{id}", { path: { id: useParam("id") } });
  const data = webhook.data;
  return (
    <Page
      title={data?.name ?? t("page.webhook")}
      lead={data?.url}
      back={{ to: "/webhooks", title: t("page.webhooks") }}
      badge={data && <StatusBadge field="webhook_state" word={data.state} tone={STATE_TONES[data.state]} />}
      actions={data && <WebhookVerbs webhook={data} />}
    >
      <Loaded of={webhook}>{(row) => <Body webhook={row} />}</Loaded>
    </Page>
  );
}

function Body({ webhook }: { webhook: Webhook }) {
  const { t, field } = useText();
  return (
    <>
      <Health webhook={webhook} />
      <Section title={t("webhook.about")}>
        <Facts
          of={[
            [field("tenant_id"), webhook.tenant_name],
            [
              field("events", "webhook"),
              webhook.events?.length ? (
                <Tags key="events" of={webhook.events} max={6} />
              ) : (
                t("webhook.all_events")
              ),
            ],
            [field("waiting", "webhook"), webhook.waiting],
            [
              field("last_delivered_at", "webhook"),
              <RelativeTime key="last" at={webhook.last_delivered_at} />,
            ],
          ]}
        />
      </Section>
      <Suspense fallback={<LoadingState />}>
        <Deliveries id={webhook.id} />
      </Suspense>
      <ObjectHistory type="webhook" id={webhook.id} />
    </>
  );
}

function Health({ webhook }: { webhook: Webhook }) {
  const { t } = useText();
  if (webhook.state === "disabled") {
    return (
      <Note tone="bad" role="status" title={t("webhook.disabled_title")}>
        {t("webhook.disabled_text", { why: webhook.disabled_why ?? "" })}
      </Note>
    );
  }
  if (!webhook.failing_since) return null;
  return (
    <Note tone="warn" role="status" title={t("webhook.failing_title")}>
      {t("webhook.failing_text")} <RelativeTime at={webhook.failing_since} />
    </Note>
  );
}
