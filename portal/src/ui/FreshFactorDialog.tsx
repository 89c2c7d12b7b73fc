/* FreshFactorDialog: asks for a code of the authenticator app and tells whether it was right. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { call } from "@/api/client";
import { asProblem } from "@/api/problem";
import { useKeepSession } from "@/api/session";
import { useText } from "@/text";
import { CodeInput } from "./CodeInput";

export default function FreshFactorDialog({ onAnswer }: { onAnswer: (isProven: boolean) => void }) {
  const { t, field } = useText();
  const keepSession = useKeepSession();
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const prove = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      keepSession(await call("POST /sign-in/fresh-factor", { body: { code } }));
      onAnswer(true);
    } catch (failure) {
      setError(asProblem(failure).title || t("state.failed"));
      setCode("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={() => onAnswer(false)}
      title={t("fresh_factor.title")}
      zIndex={400}
      size="sm"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={(event) => void prove(event)}>
        <Stack>
          <Text>{t("fresh_factor.text")}</Text>
          <CodeInput label={field("code")} value={code} onChange={setCode} error={error} autoFocus />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => onAnswer(false)}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={isBusy} disabled={code.length !== 6}>
              {t("fresh_factor.prove")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
