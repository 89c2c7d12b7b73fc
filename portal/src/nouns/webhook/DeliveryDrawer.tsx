/* DeliveryDrawer: one delivery: what was sent, what was answered, and once more. */
import { Button, Code, Drawer, Group, Stack, Text } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DELIVERY_TONES } from "./tones";

type Delivery = Out<"GET /webhook-deliveries/{id}">;

export default function DeliveryDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useText();
  const delivery = useRead("GET /webhook-deliveries/{id}", { path: { id } });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={620}
      title={delivery.data?.event ?? t("webhook.delivery")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Loaded of={delivery}>{(row) => <Body delivery={row} onClose={onClose} />}</Loaded>
    </Drawer>
  );
}

function Body({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const { t, field } = useText();
  const replay = useVerb("POST /webhook-deliveries/{id}/replay", ["webhooks"]);
  const again = () =>
    replay.mutate(
      { path: { id: delivery.id } },
      {
        onSuccess: () => {
          notifyDone(t("webhook.replayed"));
          onClose();
        },
        onError: (error: unknown) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Stack>
      {delivery.error && <Note tone="bad">{delivery.error}</Note>}
      <Facts
        of={[
          [
            field("state", "webhook"),
            <StatusBadge
              key="state"
              field="delivery_state"
              word={delivery.state}
              tone={DELIVERY_TONES[delivery.state]}
            />,
          ],
          [field("status", "webhook"), delivery.status],
          [field("elapsed_ms", "webhook"), delivery.elapsed_ms],
          [field("attempts"), delivery.attempts],
          [field("at"), <RelativeTime key="at" at={delivery.at} />],
          [field("next_attempt_at", "webhook"), <RelativeTime key="next" at={delivery.next_attempt_at} />],
        ]}
      />
      {delivery.can?.includes("replay") && (
        <Group>
          <Button variant="default" loading={replay.isPending} onClick={again}>
            {t("webhook.replay")}
          </Button>
        </Group>
      )}
      <Block title={t("webhook.sent_headers")} text={delivery.signed_with} />
      <Block title={t("webhook.sent_body")} text={pretty(delivery.body)} />
      <Block title={t("webhook.answered")} text={delivery.answer} />
    </Stack>
  );
}

function Block({ title, text }: { title: string; text: string | null | undefined }) {
  if (!text) return null;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Code>
    </Stack>
  );
}

function pretty(body: string | null | undefined) {
  try {
    return body ? JSON.stringify(JSON.parse(body), null, 2) : body;
  } catch {
    return body;
  }
}
