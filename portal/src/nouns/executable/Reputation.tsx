/* Reputation: what services say of a file, a button to ask them, and pages of others by its hash. */
import { Anchor, Button } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { Loaded, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tags } from "@/ui/Tags";
import { Verdict } from "./Verdict";

export function Reputation({ of }: { of: Out<"GET /executables/{id}"> }) {
  const { t } = useText();
  const answers = useRead("GET /reputation-answers", {
    query: { tenant_id: of.tenant_id, kind: "hash", value: of.hash } as never,
  });
  const links = useRead("GET /reputation-links", { query: { kind: "hash" } as never });
  const ask = useVerb("POST /reputation-answers/ask", ["executables"]);
  const submit = () =>
    ask.mutate(
      { body: { tenant_id: of.tenant_id, kind: "hash", value: of.hash } as never },
      {
        onSuccess: (out) => notifyDone(t("executable.asked", { count: out.sources })),
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Section
      title={t("executable.reputation")}
      actions={
        of.can?.includes("ask") && (
          <Button size="xs" variant="default" loading={ask.isPending} onClick={submit}>
            {t("executable.ask")}
          </Button>
        )
      }
    >
      <Loaded of={answers}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState title={t("executable.no_answers")} hint={t("executable.no_answers_hint")} />
          ) : (
            <ul>
              {data.items.map((one) => (
                <li key={one.id}>
                  <b>{one.source_name}</b> <StatusBadge field="reputation_state" word={one.state} />{" "}
                  <Verdict of={one.verdict} />{" "}
                  {one.malicious !== null &&
                    one.malicious !== undefined &&
                    t("executable.judged", {
                      bad: one.malicious,
                      all: one.malicious + (one.suspicious ?? 0) + (one.harmless ?? 0),
                    })}{" "}
                  <Tags of={one.labels} /> {one.trouble} <RelativeTime at={one.answered_at} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {links.data?.items.map((one) => (
        <Anchor
          key={one.id}
          href={one.url.replace("{value}", encodeURIComponent(of.hash))}
          target="_blank"
          rel="noopener noreferrer"
          mr="md"
          size="sm"
        >
          {one.name}
        </Anchor>
      ))}
    </Section>
  );
}
