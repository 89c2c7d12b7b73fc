import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { call } from "@/api/client";
import type { Problem } from "@/api/problem";
import { useText } from "@/text";
import { To } from "@/ui/To";
import { Door } from "./Door";
import { RefusalNote } from "./RefusalNote";
import { Note } from "@/ui/Note";

export default function PasswordResetPage() {
  const { t, field } = useText();
  const [email, setEmail] = useState("");
  const ask = useMutation<undefined, Problem>({
    mutationFn: async () =>
      void (await call("POST /password-reset", { body: { email: email.trim() } })) as undefined,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Door title={t("reset.title")} lead={ask.isSuccess ? undefined : t("reset.lead")}>
      <Stack gap="md">
        {ask.isSuccess ? (
          <Note tone="ok" role="status" title={t("reset.sent_title")}>
            {t("reset.sent")}
          </Note>
        ) : (
          <form onSubmit={send}>
            <Stack gap="md">
              {ask.error && <RefusalNote problem={ask.error} />}
              <TextInput
                label={field("email")}
                type="email"
                autoComplete="username"
                required
                withAsterisk={false}
                size="md"
                autoFocus
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <Button type="submit" size="md" loading={ask.isPending}>
                {t("reset.submit")}
              </Button>
            </Stack>
          </form>
        )}
        <To to="/sign-in" size="sm">
          {t("sign_in.back")}
        </To>
      </Stack>
    </Door>
  );
}
