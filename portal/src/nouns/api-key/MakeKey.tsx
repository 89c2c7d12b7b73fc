/* MakeKey: a new key, then the key itself, once. */
import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import { useSession } from "@/api/session";
import { Form } from "@/ui/Form";
import { Secret } from "@/ui/Secret";
import { ScopeChoice } from "./ScopeChoice";
import { Note } from "@/ui/Note";

const DAYS = ["30", "90", "180", "365"];

const endOf = (days: string | null) =>
  days
    ? new Date(Math.floor(Date.now() / 1000 + Number(days) * 86_400) * 1000).toISOString().replace(".000", "")
    : null;

export default function MakeKey({
  route,
  isOpen,
  onClose,
}: {
  route: "POST /api-keys" | "POST /me/api-keys";
  isOpen: boolean;
  onClose: () => void;
}) {
  const { t, field } = useText();
  const { person } = useSession();
  const [secret, setSecret] = useState<string | null>(null);
  const [days, setDays] = useState<string | null>("90");
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t(secret ? "api_key.made" : "api_key.make")}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {secret ? (
        <Stack>
          <Note tone="warn">{t("api_key.once")}</Note>
          <Secret text={secret} />
          <Text size="sm" c="dimmed">
            {t("api_key.use")}
          </Text>
          <Group justify="flex-end">
            <Button onClick={close}>{t("api_key.kept")}</Button>
          </Group>
        </Stack>
      ) : (
        <Form
          route={route}
          noun="api_key"
          layout={
            route === "POST /api-keys"
              ? ["name", "person_id" as never, "scopes", "expires_at"]
              : ["name", "scopes", "expires_at"]
          }
          initial={{ person_id: person?.id, expires_at: endOf(days) } as never}
          controls={{
            scopes: (control) => (
              <ScopeChoice
                value={(control.value as string[]) ?? []}
                onChange={control.onChange}
                error={control.error}
              />
            ),
            expires_at: (control) => (
              <Select
                label={field("expires_at")}
                value={days}
                error={control.error}
                data={DAYS.map((one) => ({ value: one, label: t("api_key.days", { days: one }) }))}
                allowDeselect={false}
                onChange={(chosen) => {
                  setDays(chosen);
                  control.onChange(endOf(chosen));
                }}
              />
            ),
          }}
          alsoChanges={["api-keys", "me"]}
          submit={t("api_key.make")}
          onCancel={close}
          onDone={(key) => setSecret(key.secret ?? "")}
        />
      )}
    </Modal>
  );
}
