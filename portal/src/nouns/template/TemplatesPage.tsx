/* TemplatesPage: every mail the platform can send, in both languages side by side, and a test send. */
import { Button, SimpleGrid, UnstyledButton } from "@mantine/core";
import { lazy, useState } from "react";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { LANGUAGES, useText, type Language } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconSend } from "@/ui/icons";
import { MailPreview } from "@/ui/MailPreview";
import { useWords } from "@/ui/nav";
import { Loaded, Page, Section } from "@/ui/Page";
import classes from "./TemplatesPage.module.css";

const TestForm = lazy(() => import("./TestForm"));

export default function TemplatesPage() {
  const { t } = useText();
  const { may } = useSession();
  const [words, change] = useWords();
  const [isSending, setSending] = useState(false);
  const templates = useRead("GET /mail-templates");
  const rows = templates.data?.items ?? [];
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
            <nav className={classes.list} aria-label={t("page.mail_templates")}>
              {rows.map((row) => (
                <UnstyledButton
                  key={row.key}
                  className={classes.item}
                  aria-current={row.key === chosen || undefined}
                  onClick={() => change({ template: row.key ?? undefined }, true)}
                >
                  <span>{row.title ?? row.key}</span>
                  <small className="y-mono">{row.key}</small>
                </UnstyledButton>
              ))}
            </nav>
            <SimpleGrid cols={{ base: 1, xl: 2 }} className={classes.previews}>
              {chosen &&
                LANGUAGES.map((one) => <Preview key={`${chosen}-${one}`} template={chosen} language={one} />)}
            </SimpleGrid>
          </div>
        )}
      </Loaded>
      <FormDialog title={t("template.test")} isOpen={isSending} onClose={() => setSending(false)}>
        <TestForm template={chosen} onClose={() => setSending(false)} />
      </FormDialog>
    </Page>
  );
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
