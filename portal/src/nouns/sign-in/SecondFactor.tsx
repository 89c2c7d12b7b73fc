/* SecondFactor: the code of the authenticator app, or one of the codes kept for the day the phone is lost. */
import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { call } from "@/api/client";
import type { Problem } from "@/api/problem";
import { useKeepSession, type Session } from "@/api/session";
import { useText } from "@/text";
import { CodeInput } from "@/ui/CodeInput";
import { Door } from "./Door";
import { RefusalNote } from "./RefusalNote";
import { StartAgain } from "./SignInPage";

export function SecondFactor() {
  const { t, field } = useText();
  const keepSession = useKeepSession();
  const [isRecovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const prove = useMutation<Session, Problem, string>({
    mutationFn: (text) =>
      isRecovery
        ? call("POST /sign-in/recovery", { body: { code: text.trim() } })
        : call("POST /sign-in/totp", { body: { code: text } }),
    onSuccess: keepSession,
    onError: () => setCode(""),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    prove.mutate(code);
  };
  return (
    <Door title={t("totp.title")} lead={t(isRecovery ? "totp.recovery_lead" : "totp.lead")}>
      <form onSubmit={send}>
        <Stack gap="md">
          {prove.error && <RefusalNote problem={prove.error} />}
          {isRecovery ? (
            <TextInput
              label={field("recovery_code")}
              value={code}
              size="md"
              autoFocus
              autoComplete="off"
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          ) : (
            <CodeInput
              label={field("code")}
              value={code}
              onChange={setCode}
              autoFocus
              onComplete={(digits) => prove.mutate(digits)}
            />
          )}
          <Button type="submit" size="md" loading={prove.isPending} disabled={!code}>
            {t("totp.submit")}
          </Button>
          <Group justify="space-between">
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => (setRecovery(!isRecovery), setCode(""))}
            >
              {t(isRecovery ? "totp.use_app" : "totp.use_recovery")}
            </Anchor>
            <StartAgain />
          </Group>
        </Stack>
      </form>
    </Door>
  );
}
