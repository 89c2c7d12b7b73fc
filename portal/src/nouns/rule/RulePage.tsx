/* RulePage: one rule: what it says, how it stands, what customers do with it, and every text it has had. */
import { Button, NativeSelect } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Item, Out } from "@/api/client";
import { useListing, useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { useGo, useParam } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import { diffLines } from "./diff";
import classes from "./Rules.module.css";
import { STATE_TONES, titleOf } from "./states";

const StateDialog = lazy(() => import("./StateDialog"));
const SettingDialog = lazy(() => import("./SettingDialog"));

export type Rule = Out<"GET /rules/{id}">;

export default function RulePage() {
  const { t, language } = useText();
  const { may } = useSession();
  const rule = useRead("GET /rules/{id}", { path: { id: useParam("id") } });
  const data = rule.data;
  return (
    <Page
      title={data ? titleOf(data, language) : t("page.rule")}
      lead={data && ((language === "ja" && data.description_ja) || data.description)}
      back={{ to: "/rules", title: t("page.rules") }}
      badge={
        data && (
          <>
            <Score of={data.score} />
            <StatusBadge field="rule_state" word={data.state} tone={STATE_TONES[data.state]} />
          </>
        )
      }
      actions={data && <Verbs rule={data} />}
    >
      <Loaded of={rule}>
        {(row) => (
          <>
            <div className={classes.halves}>
              <div>
                <Section title={t("rule.body")}>
                  <pre className={classes.code} tabIndex={0}>
                    {row.body}
                  </pre>
                </Section>
                <Versions rule={row} />
              </div>
              <div>
                <About of={row} />
                <Settings rule={row} />
              </div>
            </div>
            {may("audit:read") && <ObjectHistory type="rule" id={row.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Verbs({ rule }: { rule: Rule }) {
  const { t } = useText();
  const go = useGo();
  const [isMoving, setMoving] = useState(false);
  if (!rule.can?.includes("update")) return null;
  return (
    <>
      <Button variant="default" onClick={() => setMoving(true)}>
        {t("rule.change_state")}
      </Button>
      <Button onClick={() => void go(`/rules/${rule.id}/edit`)}>{t("action.edit")}</Button>
      {isMoving && (
        <Suspense>
          <StateDialog rule={rule} onClose={() => setMoving(false)} />
        </Suspense>
      )}
    </>
  );
}

function About({ of }: { of: Rule }) {
  const { t, field, value } = useText();
  return (
    <Section title={t("rule.about")}>
      <Facts
        of={[
          [field("key", "rule"), <span key="k" className="y-mono">{of.key}</span>],
          [field("tenant_name", "rule"), of.tenant_name ?? t("rule.everybody")],
          [field("language", "rule"), value("rule_language", of.language)],
          [field("origin", "rule"), value("rule_origin", of.origin)],
          [
            field("tactics", "rule"),
            <Tags key="t" of={(of.tactics ?? []).map((one) => value("tactic", one))} max={4} />,
          ],
          [field("techniques", "rule"), <Tags key="x" of={of.techniques} max={6} />],
          [field("product", "rule"), [of.product, of.category, of.service].filter(Boolean).join(" / ")],
          [
            field("seen", "rule"),
            <To key="s" to="/detections" search={{ view: "all", rule_id: of.id }}>
              {of.seen}
            </To>,
          ],
          [field("hidden", "rule"), of.hidden],
          [field("author_name", "rule"), of.author_name],
          [field("updated_at"), <RelativeTime key="u" at={of.updated_at} />],
        ]}
      />
    </Section>
  );
}

function Settings({ rule }: { rule: Rule }) {
  const { t, value } = useText();
  const [isMaking, setMaking] = useState(false);
  const unset = useVerb("POST /rules/{rule_id}/unset", ["rule-settings"]);
  const maySet = rule.can?.includes("set");
  return (
    <Section
      title={t("rule.settings")}
      lead={t("rule.settings_lead")}
      flush
      actions={
        maySet && (
          <Button size="xs" variant="default" onClick={() => setMaking(true)}>
            {t("rule.set")}
          </Button>
        )
      }
    >
      <DataTable
        name="rule_settings"
        noun="rule"
        route="GET /rules/{id}/settings"
        path={{ id: rule.id }}
        isPlain
        columns={[
          { id: "tenant_name", cell: (row) => row.tenant_name },
          {
            id: "enabled",
            cell: (row) =>
              row.enabled ? (
                <Score of={row.score ?? rule.score} />
              ) : (
                <StatusBadge field="rule_setting" word="off" tone="warn" label={value("rule_setting", "off")} />
              ),
          },
          { id: "reason", cell: (row) => row.reason },
          {
            id: "row_actions",
            cell: (row) =>
              maySet && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() =>
                    unset.mutate(
                      { path: { rule_id: rule.id }, body: { tenant_id: row.tenant_id } },
                      { onError: (error) => notifyProblem(error, t("state.failed")) },
                    )
                  }
                >
                  {t("rule.unset")}
                </Button>
              ),
          },
        ]}
        empty={{ title: t("rule.no_settings"), hint: t("rule.no_settings_hint") }}
      />
      {isMaking && (
        <Suspense>
          <SettingDialog rule={rule} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </Section>
  );
}

type Version = Item<"GET /rules/{id}/versions">;

function Versions({ rule }: { rule: Rule }) {
  const { t, value } = useText();
  const versions = useListing("GET /rules/{id}/versions", { path: { id: rule.id }, query: { limit: 100 } as never });
  const [chosen, choose] = useState<string | null>(null);
  const rows = versions.rows as Version[];
  const against = rows.find((row) => String(row.version) === chosen) ?? rows.find((row) => row.version < rule.version);
  if (!against) return null;
  return (
    <Section
      title={t("rule.versions")}
      actions={
        <NativeSelect
          size="xs"
          aria-label={t("rule.compare_with")}
          value={String(against.version)}
          onChange={(event) => choose(event.currentTarget.value)}
          data={rows
            .filter((row) => row.version !== rule.version)
            .map((row) => ({
              value: String(row.version),
              label: `${row.version} · ${value("rule_state", row.state)} · ${row.author_name}`,
            }))}
        />
      }
      lead={against.note}
    >
      <div className={classes.diff} tabIndex={0} role="region" aria-label={t("rule.versions")}>
        {diffLines(against.body, rule.body).map((line, index) => (
          <div key={index} data-change={line.change}>
            {`${line.change === "added" ? "+" : line.change === "removed" ? "−" : " "} ${line.text}`}
          </div>
        ))}
      </div>
    </Section>
  );
}
