import { Button } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Facts, type Fact } from "@/ui/Facts";
import { IconRefresh } from "@/ui/icons";
import { MailPreview } from "@/ui/MailPreview";
import { useParam } from "@/ui/nav";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tags } from "@/ui/Tags";
import { Note } from "@/ui/Note";

type Mail = Out<"GET /mails/{id}">;

export default function MailPage() {
  const { t } = useText();
  const mail = useRead("GET /mails/{id}", { path: { id: useParam("id") } });
  return (
    <Page
      title={mail.data?.subject ?? t("page.mail")}
      back={{ to: "/mails", title: t("page.mails") }}
      badge={mail.data && <StatusBadge field="mail_state" word={mail.data.state} />}
      actions={mail.data && <RetryMail mail={mail.data} />}
    >
      <Loaded of={mail}>{(data) => <MailBody mail={data} />}</Loaded>
    </Page>
  );
}

function MailBody({ mail }: { mail: Mail }) {
  const { t, field } = useText();
  const files = mail.files?.map((file) => file.name ?? "") ?? [];
  return (
    <>
      {mail.answer && (
        <Note tone={mail.state === "failed" ? "bad" : "warn"} title={t("mail.answer")}>
          {mail.answer_code} {mail.answer}
        </Note>
      )}
      {mail.state === "kept" && <Note tone="mute">{t("mail.kept")}</Note>}
      {mail.masked && <Note tone="mute">{t("mail.masked")}</Note>}
      <Section>
        <Facts
          of={[
            [field("to_address"), mail.to_name ? `${mail.to_name} <${mail.to_address}>` : mail.to_address],
            [field("created_at"), <RelativeTime key="made" at={mail.created_at} />],
            [field("sent_at"), <RelativeTime key="sent" at={mail.sent_at} />],
            [field("attempts"), mail.attempts],
            [
              field("template"),
              <span key="template" className="y-mono">
                {mail.kind}
              </span>,
            ],
            [
              field("message_id"),
              <span key="message" className="y-mono">
                {mail.message_id}
              </span>,
            ],
            ...(files.length
              ? [[field("attachments"), <Tags key="files" of={files} max={5} />] as Fact]
              : []),
          ]}
        />
      </Section>
      <Section title={t("mail.content")} flush>
        <MailPreview subject={mail.subject} html={mail.html} text={mail.text} />
      </Section>
    </>
  );
}

function RetryMail({ mail }: { mail: Mail }) {
  const { t } = useText();
  const retry = useVerb("POST /mails/{id}/retry");
  if (!mail.can?.includes("retry")) return null;
  return (
    <Button
      variant="default"
      loading={retry.isPending}
      leftSection={<IconRefresh size={16} aria-hidden />}
      onClick={() =>
        retry.mutate(
          { path: { id: mail.id } },
          {
            onSuccess: () => notifyDone(t("mail.retried")),
            onError: (error) => notifyProblem(error, t("state.failed")),
          },
        )
      }
    >
      {t("mail.retry")}
    </Button>
  );
}
