/* TemplatesPage: every mail the platform can send, in both languages side by side, and a test send. */
import { Button, Checkbox, SimpleGrid, UnstyledButton } from "@mantine/core";
import { lazy, useState } from "react";
import { call, type Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { LANGUAGES, useText, type Language } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconSend } from "@/ui/icons";
import { MailPreview } from "@/ui/MailPreview";
import { useWords } from "@/ui/nav";
import { Loaded, Page, Section } from "@/ui/Page";
import { BulkBar } from "@/ui/table/BulkBar";
import { useBulkVerbs } from "@/ui/useBulkVerbs";
import classes from "./TemplatesPage.module.css";

const TestForm = lazy(() => import("./TestForm"));

export default function TemplatesPage() {
  const { t } = useText();
  const { may } = useSession();
  const [words, change] = useWords();
  const [isSending, setSending] = useState(false);
  const templates = useRead("GET /mail-templates");
  const rows = templates.data?.items ?? [];
  const [picked, setPicked] = useState<string[]>([]);
  const bulk = useTests();
  const pick = (key: string) =>
    setPicked((now) => (now.includes(key) ? now.filter((one) => one !== key) : [...now, key]));
  const chosen = words.template ?? rows[0]?.key ?? "";
  return (
    <Page
      title={t("page.mail_templates")}
      lead={t("template.lead")}
      actions={
        may("mail:use") &&
        chosen && (
          <Button
            variant="default"
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={() => setSending(true)}
          >
            {t("template.test")}
          </Button>
        )
      }
    >
      <Loaded of={templates}>
        {() => (
          <div className={classes.split}>
            {may("mail:use") && picked.length > 0 && (
              <div className={classes.bulk}>
                <BulkBar
                  actions={bulk.actions}
                  rows={rows.filter((row) => picked.includes(row.key)).map(named)}
                  onClear={() => setPicked([])}
                />
              </div>
            )}
            <nav className={classes.list} aria-label={t("page.mail_templates")}>
              {rows.map((row) => (
                <div key={row.key} className={classes.row}>
                  {may("mail:use") && (
                    <Checkbox
                      size="xs"
                      aria-label={t("template.pick", { title: row.title ?? row.key })}
                      checked={picked.includes(row.key)}
                      onChange={() => pick(row.key)}
                    />
                  )}
                  <UnstyledButton
                    className={classes.item}
                    aria-current={row.key === chosen || undefined}
                    onClick={() => change({ template: row.key ?? undefined }, true)}
                  >
                    <span>{row.title ?? row.key}</span>
                    <small className="y-mono">{row.key}</small>
                  </UnstyledButton>
                </div>
              ))}
            </nav>
            <SimpleGrid cols={{ base: 1, xl: 2 }} className={classes.previews}>
              {chosen &&
                LANGUAGES.map((one) => <Preview key={`${chosen}-${one}`} template={chosen} language={one} />)}
            </SimpleGrid>
          </div>
        )}
      </Loaded>
      {bulk.dialog}
      <FormDialog title={t("template.test")} isOpen={isSending} onClose={() => setSending(false)}>
        <TestForm template={chosen} onClose={() => setSending(false)} />
      </FormDialog>
    </Page>
  );
}

type Template = NonNullable<Out<"GET /mail-templates">["items"]>[number];

const named = (row: Template) => ({ ...row, id: row.key });

/* A test of each chosen template, in the reader's language and to the reader. */
function useTests() {
  const { t, language } = useText();
  const { person } = useSession();
  const send = (template: string) =>
    call("POST /mails/test", { body: { template, language, to: person?.email ?? "" } });
  return useBulkVerbs<ReturnType<typeof named>>("mails", (row) => row.title ?? row.key, [
    {
      key: "test",
      label: t("template.test_to_me"),
      isPossible: () => true,
      run: (row) => send(row.key),
    },
  ]);
}

function Preview({ template, language }: { template: string; language: Language }) {
  const { value } = useText();
  const preview = useRead("GET /mail-templates/{key}/preview", {
    path: { key: template },
    query: { language },
  });
  return (
    <Section title={value("language", language)} flush>
      <Loaded of={preview}>
        {(data) => <MailPreview subject={data.subject} html={data.html} text={data.text} />}
      </Loaded>
    </Section>
  );
}
