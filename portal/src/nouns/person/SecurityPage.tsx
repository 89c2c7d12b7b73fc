import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useRead, useVerb } from "@/api/queries";
import { sessionOptions } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { notifyDone } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { RecoveryCodes } from "@/ui/RecoveryCodes";
import { SessionList } from "./SessionList";

export default function SecurityPage() {
  const { t } = useText();
  const sessions = useRead("GET /me/sessions");
  const revoke = useVerb("DELETE /me/sessions/{id}");
  const cache = useQueryClient();
  const [round, setRound] = useState(0);
  return (
    <Page title={t("page.account_security")} lead={t("account.security_lead")} width="narrow">
      <Section title={t("account.password")} lead={t("account.password_lead")}>
        <Form
          key={round}
          route="POST /me/password"
          noun="account"
          layout={["current_password", "password"]}
          autoComplete={{ current_password: "current-password", password: "new-password" }}
          submit={t("account.change_password")}
          onDone={() => {
            setRound(round + 1);
            void cache.invalidateQueries({ queryKey: sessionOptions.queryKey });
            notifyDone(t("account.password_changed"));
          }}
        />
      </Section>
      <RecoverySection />
      <Section title={t("session.title")} lead={t("session.own_lead")} flush>
        <Loaded of={sessions}>
          {(data) => (
            <SessionList sessions={data.items} onRevoke={(id) => revoke.mutateAsync({ path: { id } })} />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function RecoverySection() {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  const make = useVerb("POST /me/recovery-codes");
  const [codes, setCodes] = useState<string[] | null>(null);
  const ask = () =>
    confirm({
      title: t("recovery.renew"),
      text: t("recovery.renew_text"),
      action: t("recovery.renew"),
      run: async () => setCodes((await make.mutateAsync({})).recovery_codes ?? []),
    });
  return (
    <Section
      title={t("recovery.title")}
      lead={t("recovery.about")}
      actions={
        <Button size="xs" variant="default" onClick={ask}>
          {t("recovery.renew")}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t("recovery.hint")}
      </Text>
      {dialog}
      <FormDialog title={t("recovery.title")} isOpen={codes !== null} onClose={() => setCodes(null)}>
        <Stack>
          <Text>{t("recovery.once")}</Text>
          <RecoveryCodes codes={codes ?? []} />
        </Stack>
      </FormDialog>
    </Section>
  );
}
