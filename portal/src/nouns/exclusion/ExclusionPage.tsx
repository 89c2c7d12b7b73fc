/* ExclusionPage: one exclusion: what it says, why, who decided, how often it hid something, and what can be done. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Facts } from "@/ui/Facts";
import { useGo, useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { To } from "@/ui/To";
import classes from "./Exclusions.module.css";
import { STATE_TONES } from "./states";

const DecideDialog = lazy(() => import("./DecideDialog"));

export type Exclusion = Out<"GET /exclusions/{id}">;
export const VERBS = ["submit", "activate", "reject", "end"] as const;
export type Verb = (typeof VERBS)[number];

export default function ExclusionPage() {
  const { t } = useText();
  const { may } = useSession();
  const exclusion = useRead("GET /exclusions/{id}", { path: { id: useParam("id") } });
  const data = exclusion.data;
  return (
    <Page
      title={data?.title ?? t("page.exclusion")}
      lead={data?.reason}
      back={{ to: "/exclusions", title: t("page.exclusions") }}
      badge={data && <StatusBadge field="exclusion_state" word={data.state} tone={STATE_TONES[data.state]} />}
      actions={data && <Verbs exclusion={data} />}
    >
      <Loaded of={exclusion}>
        {(row) => (
          <>
            {row.state === "waiting" && (
              <Note tone="warn" role="status" title={t("exclusion.waits_title")}>
                {t("exclusion.waits_text")}
              </Note>
            )}
            {row.acknowledgement && (
              <Note tone="warn" title={t("exclusion.acknowledged")}>
                {row.acknowledgement}
              </Note>
            )}
            <About of={row} />
            <Section title={t("exclusion.body")}>
              <pre className={classes.code} tabIndex={0}>
                {row.body}
              </pre>
            </Section>
            {may("audit:read") && <ObjectHistory type="exclusion" id={row.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Verbs({ exclusion }: { exclusion: Exclusion }) {
  const { t } = useText();
  const go = useGo();
  const [asked, ask] = useState<Verb | null>(null);
  const { confirm, dialog } = useConfirm();
  const discard = useVerb("DELETE /exclusions/{id}", ["audit"]);
  const can = (verb: string) => exclusion.can?.includes(verb);
  return (
    <>
      {can("discard") && (
        <Button
          variant="default"
          onClick={() =>
            confirm({
              title: t("exclusion.discard"),
              text: t("exclusion.discard_text"),
              action: t("exclusion.discard"),
              isDangerous: true,
              run: async () => {
                await discard.mutateAsync({ path: { id: exclusion.id } });
                void go("/exclusions");
              },
            })
          }
        >
          {t("exclusion.discard")}
        </Button>
      )}
      {VERBS.filter(can).map((verb) => (
        <Button key={verb} variant={verb === "activate" ? undefined : "default"} onClick={() => ask(verb)}>
          {t(`exclusion.verb.${verb}`)}
        </Button>
      ))}
      {dialog}
      {asked && (
        <Suspense>
          <DecideDialog exclusion={exclusion} verb={asked} onClose={() => ask(null)} />
        </Suspense>
      )}
    </>
  );
}

function About({ of }: { of: Exclusion }) {
  const { t, field, value, language } = useText();
  const rule = (language === "ja" && of.rule_title_ja) || of.rule_title;
  return (
    <Section title={t("exclusion.about")}>
      <Facts
        of={[
          [field("tenant_id"), of.tenant_name ?? t("exclusion.everybody")],
          [
            t("exclusion.of_rule"),
            of.rule_id ? (
              <To key="r" to={`/rules/${of.rule_id}`}>
                {rule}
              </To>
            ) : (
              t("exclusion.any_rule")
            ),
          ],
          [field("scope", "exclusion"), value("exclusion_scope", of.scope)],
          [field("hits", "exclusion"), of.hits],
          [field("last_hit_at", "exclusion"), <RelativeTime key="h" at={of.last_hit_at} />],
          [field("expires_at"), <RelativeTime key="e" at={of.expires_at} missing={t("exclusion.for_ever")} />],
          [field("author_name", "exclusion"), of.author_name],
          [field("decided_by_name", "exclusion"), of.decided_by_name],
          [field("decision", "exclusion"), of.decision],
          [
            t("exclusion.from"),
            of.from_detection_id && (
              <To key="d" to={`/detections/${of.from_detection_id}`}>
                {t("page.detection")}
              </To>
            ),
          ],
        ]}
      />
    </Section>
  );
}
