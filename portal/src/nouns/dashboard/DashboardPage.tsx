/* DashboardPage: the starting point: figures of what was found, by incidents, detections, files and computers. */
import { Tabs } from "@mantine/core";
import { lazy, Suspense, type ReactNode } from "react";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { Facts } from "@/ui/Facts";
import { LoadingState } from "@/ui/LoadingState";
import { useWords } from "@/ui/nav";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { To } from "@/ui/To";
import classes from "./Dashboard.module.css";

const Chart = lazy(() => import("./Chart"));

type Figures = Out<"GET /dashboard">;
const TABS = ["incidents", "detections", "executables", "computers", "details"] as const;
const SPANS = ["1", "7", "31"] as const;
export const BANDS = { low: "#1c7ed6", warning: "#e8590c", threat: "#c92a2a", none: "#2f9e44" } as const;

export default function DashboardPage() {
  const { t } = useText();
  const { person } = useSession();
  const [words, change] = useWords();
  const tab = TABS.find((one) => one === words.tab) ?? "incidents";
  const span = SPANS.find((one) => one === words.days) ?? "7";
  const figures = useRead("GET /dashboard", {
    query: { days: Number(span), time_zone: person?.time_zone || undefined },
  });
  return (
    <Page
      title={t("page.dashboard")}
      lead={t("dashboard.lead")}
      actions={
        <nav aria-label={t("dashboard.span")} className={classes.spans}>
          {SPANS.map((one) => (
            <To
              key={one}
              to="/dashboard"
              search={{ ...words, days: one }}
              underline="never"
              className={classes.span}
              aria-current={one === span ? "page" : undefined}
            >
              {t(`dashboard.days.${one}`)}
            </To>
          ))}
        </nav>
      }
    >
      <Tabs value={tab} onChange={(next) => change({ tab: next ?? undefined })}>
        <Tabs.List mb="md">
          {TABS.map((key) => (
            <Tabs.Tab key={key} value={key}>
              {t(`dashboard.tab.${key}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Loaded of={figures}>{(data) => <Shown tab={tab} of={data} />}</Loaded>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Shown({ tab, of }: { tab: (typeof TABS)[number]; of: Figures }) {
  if (tab === "incidents") return <Incidents of={of} />;
  if (tab === "detections") return <Detections of={of} />;
  if (tab === "executables") return <Executables of={of} />;
  if (tab === "computers") return <Computers of={of} />;
  return <Details of={of} />;
}

const Two = ({ children }: { children: ReactNode }) => <div className={classes.two}>{children}</div>;

function Counts({ of, domain }: { of: Figures["incidents"]; domain: string }) {
  const { value, t } = useText();
  if (!of?.length) return <EmptyState title={t("dashboard.nothing")} />;
  return <Facts of={of.map((one) => [value(domain, one.key), one.count])} />;
}

function Incidents({ of }: { of: Figures }) {
  const { t } = useText();
  const days = of.incident_days ?? [];
  return (
    <Two>
      <Section title={t("dashboard.by_status")}>
        <Counts of={of.incidents} domain="incident_status" />
        <To to="/incidents">{t("dashboard.to_incidents")}</To>
      </Section>
      <Section title={t("dashboard.per_day")}>
        <Suspense fallback={<LoadingState />}>
          <Chart
            title={t("dashboard.per_day")}
            at={days.map((one) => one.day)}
            series={[
              { name: t("dashboard.opened"), values: days.map((one) => one.opened ?? 0), colour: BANDS.warning },
              { name: t("dashboard.closed"), values: days.map((one) => one.closed ?? 0), colour: BANDS.none },
            ]}
          />
        </Suspense>
      </Section>
    </Two>
  );
}

function Detections({ of }: { of: Figures }) {
  const { t, value, language } = useText();
  const { person } = useSession();
  const times = of.times ?? [];
  const shown = new Intl.DateTimeFormat(language, {
    month: "numeric",
    day: "numeric",
    ...((of.days ?? 7) <= 2 && { hour: "numeric" }),
    timeZone: person?.time_zone || undefined,
  });
  return (
    <Two>
      <Section title={t("dashboard.top_rules")}>
        {!of.top_rules?.length && <EmptyState title={t("dashboard.nothing")} />}
        <ol className={classes.top}>
          {of.top_rules?.map((one) => (
            <li key={one.rule_id}>
              <To to={`/detections?view=all&rule_id=${one.rule_id}`} underline="always">{one.title}</To>
              <span data-band={one.band}>{value("score_band", one.band)}</span>
              <b className="y-num">{one.detections}</b>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={t("dashboard.by_time")}>
        <Suspense fallback={<LoadingState />}>
          <Chart
            title={t("dashboard.by_time")}
            isStacked
            at={times.map((one) => shown.format(Date.parse(one.at)))}
            series={(["low", "warning", "threat"] as const).map((band) => ({
              name: value("score_band", band),
              values: times.map((one) => one[band] ?? 0),
              colour: BANDS[band],
            }))}
          />
        </Suspense>
      </Section>
    </Two>
  );
}

function Executables({ of }: { of: Figures }) {
  const { t } = useText();
  const popularity = of.popularity ?? [];
  return (
    <>
      <Two>
        <Section
          title={t("dashboard.popularity")}
          lead={
            <>
              {t("dashboard.popularity_lead")}{" "}
              {of.files_at && (
                <>
                  {t("dashboard.files_at")} <RelativeTime at={of.files_at} />
                </>
              )}
            </>
          }
        >
          <Suspense fallback={<LoadingState />}>
            <Chart
              title={t("dashboard.popularity")}
              at={popularity.map((one) => one.key)}
              series={[
                { name: t("dashboard.files"), values: popularity.map((one) => one.count ?? 0), colour: BANDS.low },
              ]}
            />
          </Suspense>
        </Section>
        <Section title={t("dashboard.verdicts")}>
          <Counts of={of.verdicts} domain="reputation" />
        </Section>
      </Two>
      <Section title={t("dashboard.new_rare")}>
        {!of.new_executables?.length && <EmptyState title={t("dashboard.nothing")} />}
        <ul className={classes.top}>
          {of.new_executables?.map((one) => (
            <li key={one.id}>
              <To to={`/executables/${one.id}`} underline="always">{one.name}</To>
              <span>{t("dashboard.spread", { here: one.computers_here, everywhere: one.computers_everywhere })}</span>
              <RelativeTime at={one.first_seen_at} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Computers({ of }: { of: Figures }) {
  const { t, value } = useText();
  const worst = of.worst_computers ?? [];
  return (
    <Two>
      <Section title={t("dashboard.colours")}>
        <Counts of={of.colours} domain="computer_colour" />
        <To to="/computers">{t("dashboard.to_computers")}</To>
      </Section>
      <Section title={t("dashboard.worst")}>
        <Suspense fallback={<LoadingState />}>
          <Chart
            title={t("dashboard.worst")}
            isStacked
            at={worst.map((one) => one.name)}
            series={[
              {
                name: t("dashboard.unresolved"),
                values: worst.map((one) => one.unresolved ?? 0),
                colour: BANDS.threat,
              },
              {
                name: value("detection_status", "resolved"),
                values: worst.map((one) => one.resolved ?? 0),
                colour: BANDS.none,
              },
            ]}
          />
        </Suspense>
        <ul className={classes.top}>
          {worst.map((one) => (
            <li key={one.id}>
              <To to={`/computers/${one.id}`} underline="always">{one.name}</To>
              <b className="y-num">{one.unresolved}</b>
            </li>
          ))}
        </ul>
      </Section>
    </Two>
  );
}

function Details({ of }: { of: Figures }) {
  const { t } = useText();
  return (
    <Two>
      <Section title={t("dashboard.unresolved")}>
        <Counts of={of.unresolved} domain="score_band" />
      </Section>
      <Section title={t("dashboard.last_seen")}>
        <Counts of={of.last_seen} domain="last_seen" />
      </Section>
      <Section title={t("dashboard.today")}>
        <Counts of={of.today} domain="today" />
      </Section>
    </Two>
  );
}
