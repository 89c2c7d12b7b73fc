/* MailSettings: whether mails of an organisation quote messages, when unanswered questions remind, and whether mails of
 * theirs may open cases. */
import { Button, Group, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Out } from "@/api/client";
import { useListing, useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyDone } from "./notify";
import { Loaded, Section } from "./Page";

type Setting = Out<"GET /tenants/{id}/notice-settings">;

export default function MailSettings({ tenantId }: { tenantId: string }) {
  const { t } = useText();
  const setting = useRead("GET /tenants/{id}/notice-settings", { path: { id: tenantId } });
  return (
    <Section title={t("notice.mails")} lead={t("notice.mails_lead")}>
      <Loaded of={setting}>
        {(data) => <Fields key={data.version ?? 0} tenantId={tenantId} setting={data} />}
      </Loaded>
    </Section>
  );
}

const daysOf = (text: string) =>
  text
    .split(/[,、\s]+/)
    .filter(Boolean)
    .map(Number);

function Fields({ tenantId, setting }: { tenantId: string; setting: Setting }) {
  const { t } = useText();
  const [hasWords, setWords] = useState(setting.words_in_mail ?? true);
  const [days, setDays] = useState(((setting.reminder_days ?? []) as number[]).join(", "));
  const [opens, setOpens] = useState(setting.mail_opens_cases ?? true);
  const [category, setCategory] = useState(setting.mail_category_id ?? null);
  const categories = useListing("GET /ticket-categories", { query: { limit: 100 } });
  const save = useVerb("PUT /tenants/{id}/notice-settings");
  const send = () =>
    save.mutate(
      {
        path: { id: tenantId },
        version: setting.version ?? 0,
        body: {
          words_in_mail: hasWords,
          reminder_days: daysOf(days),
          mail_opens_cases: opens,
          mail_category_id: opens ? category : null,
        },
      },
      { onSuccess: () => notifyDone(t("state.saved")) },
    );
  return (
    <Stack gap="md" maw={640}>
      <Switch
        label={t("notice.words_in_mail")}
        description={t("notice.words_in_mail_help")}
        checked={hasWords}
        onChange={(event) => setWords(event.currentTarget.checked)}
      />
      <TextInput
        label={t("notice.reminder_days")}
        description={t("notice.reminder_days_help")}
        value={days}
        error={save.error ? (save.error.fields[0]?.message ?? save.error.title) : undefined}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <Switch
        label={t("notice.mail_opens_cases")}
        description={t("notice.mail_opens_cases_help")}
        checked={opens}
        onChange={(event) => setOpens(event.currentTarget.checked)}
      />
      {opens && (
        <Select
          label={t("notice.mail_category")}
          placeholder={t("notice.mail_category_first")}
          data={categories.rows.map((one) => ({ value: one.id, label: one.name ?? one.id }))}
          value={category}
          clearable
          onChange={setCategory}
        />
      )}
      <Group>
        <Button loading={save.isPending} onClick={send}>
          {t("action.save")}
        </Button>
      </Group>
    </Stack>
  );
}
