/* Rehearse: a rule as it is being written, asked of what is stored, so that its author sees before saving what it would
 * have found. The search keeps the text it was asked with; its page opens beside, and the editor stays as it is. */
import { Anchor, Button, Group } from "@mantine/core";
import { clientState } from "@/api/client";
import { asProblem } from "@/api/problem";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { HuntProgress, isOver } from "@/nouns/hunt/HuntProgress";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { Section } from "@/ui/Page";

const WEEK_MS = 7 * 24 * 3600_000;
const languageOf = (body: string) => (body.trimStart().startsWith("<") ? "xml" : "sigma");

export default function Rehearse({ body, isReady }: { body: string; isReady: boolean }) {
  const { t } = useText();
  const { isProvider, tenant } = useSession();
  const start = useVerb("POST /hunts", ["hunts"]);
  const problem = start.error ? asProblem(start.error) : null;
  const tenantId = isProvider ? clientState.tenantId : tenant?.id;
  const ask = () =>
    start.mutate({
      body: {
        purpose: "search",
        language: languageOf(body),
        body,
        tenant_ids: tenantId ? [tenantId] : null,
        from_at: new Date(Date.now() - WEEK_MS).toISOString(),
      },
    });
  return (
    <Section title={t("rule.rehearse")} lead={t("rule.rehearse_lead")}>
      <Group mb="sm">
        <Button size="xs" variant="default" disabled={!isReady} loading={start.isPending} onClick={ask}>
          {t("rule.rehearse_run")}
        </Button>
      </Group>
      {problem && (
        <Note tone="bad" role="alert" title={problem.title}>
          {problem.fields.map((one) => one.message).join(" ") || problem.detail}
        </Note>
      )}
      {start.data && <Found id={start.data.id} isOfThisText={start.variables?.body?.body === body} />}
    </Section>
  );
}

function Found({ id, isOfThisText }: { id: string; isOfThisText: boolean }) {
  const { t } = useText();
  const { data } = useRead("GET /hunts/{id}", { path: { id } });
  if (!data) return null;
  return (
    <>
      <HuntProgress hunt={data} />
      {isOver(data) && data.problem && <Note tone="warn">{data.problem}</Note>}
      {!isOfThisText && <Note tone="mute">{t("rule.rehearse_stale")}</Note>}
      {data.hits > 0 && (
        <Anchor size="sm" href={`/hunts/${id}`} target="_blank" rel="noopener">
          {t("rule.rehearse_open")}
        </Anchor>
      )}
    </>
  );
}
