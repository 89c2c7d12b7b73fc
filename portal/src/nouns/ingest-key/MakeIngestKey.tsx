/* MakeIngestKey: a new key, then the key itself, once, with what senders need to be told. */
import { Button, Code, Group, Modal, Stack, Tabs, Text } from "@mantine/core";
import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { Note } from "@/ui/Note";
import { CopyText, Secret } from "@/ui/Secret";
import { placeOf, SENDERS } from "./senders";

function Configurations({ secret }: { secret: string }) {
  const { t } = useText();
  const place = placeOf(window.location.origin);
  return (
    <Tabs defaultValue={SENDERS[0]!.id} keepMounted={false}>
      <Tabs.List aria-label={t("ingest_key.senders")}>
        {SENDERS.map((sender) => (
          <Tabs.Tab key={sender.id} value={sender.id}>
            {sender.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SENDERS.map((sender) => {
        const text = sender.write({ ...place, key: secret });
        return (
          <Tabs.Panel key={sender.id} value={sender.id} pt="sm">
            <Code block tabIndex={0} mah={260} style={{ overflow: "auto" }}>
              {text}
            </Code>
            <Group justify="flex-end" mt="xs">
              <CopyText text={text} label={t("ingest_key.copy_configuration")} />
            </Group>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

export default function MakeIngestKey({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { isProvider, tenant } = useSession();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(secret ? "ingest_key.made" : "ingest_key.make")}
      size="xl"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {secret ? (
        <Stack>
          <Note tone="warn">{t("ingest_key.once")}</Note>
          <Secret text={secret} />
          <Text size="sm" c="dimmed">
            {t("ingest_key.use")}
          </Text>
          <Configurations secret={secret} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("ingest_key.kept")}</Button>
          </Group>
        </Stack>
      ) : (
        <Form
          route="POST /ingest-keys"
          noun="ingest_key"
          layout={["tenant_id", "name", "kind", "host", "events_per_second"]}
          initial={{ tenant_id: isProvider ? undefined : tenant?.id, kind: "host" } as never}
          lookups={{ tenant_id: { kind: "customer" } }}
          isHidden={(name, values) =>
            (name === "tenant_id" && !isProvider) || (name === "host" && values.kind !== "host")
          }
          alsoChanges={["ingest-keys"]}
          submit={t("ingest_key.make")}
          onCancel={onClose}
          onDone={(key) => setSecret(key.secret ?? "")}
        />
      )}
    </Modal>
  );
}
