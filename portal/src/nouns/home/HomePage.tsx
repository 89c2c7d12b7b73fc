/* HomePage: where a person begins: what needs attention, how the platform is, what happened last. */
import { Group, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import {
  IconChevronRight,
  IconCircleCheck,
  type Icon,
  IconKey,
  IconShield,
  IconUser,
  IconUsers,
} from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { Loaded, Page, Section } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { StatusTile, toneOfTile } from "@/ui/StatusTile";
import { useNow, useNumbers } from "@/ui/time";
import { To } from "@/ui/To";
import classes from "./HomePage.module.css";

const TicketHome = lazy(() => withText(["ticket"], import("@/nouns/ticket/TicketHome")));
const IncidentHome = lazy(() => withText(["xdr", "incident_home"], import("./IncidentHome")));
const WaitingDocuments = lazy(() => withText(["document"], import("../document/WaitingDocuments")));

export default function HomePage() {
  const { t } = useText();
  const { person, tenant, isProvider } = useSession();
  const { may } = useSession();
  return (
    <Page
      title={t(`home.greeting.${useDayPart()}`, { name: person?.name })}
      lead={t(isProvider ? "home.lead_provider" : "home.lead_customer", { name: tenant?.name })}
    >
      {!isProvider && may("tickets:read") && (
        <Suspense>
          <WaitingDocuments />
        </Suspense>
      )}
      {isProvider && may("incidents:read") && may("detections:read") && (
        <Suspense fallback={<LoadingState rows={3} />}>
          <IncidentHome />
        </Suspense>
      )}
      {may("tickets:read") && (
        <Suspense fallback={<LoadingState rows={4} />}>
          <TicketHome />
        </Suspense>
      )}
      <Figures />
      {isProvider && may("platform:read") && <Health />}
      <div className={classes.columns}>
        <Latest />
        <Ways />
      </div>
    </Page>
  );
}

function useDayPart(): "morning" | "day" | "evening" {
  const { person } = useSession();
  const now = useNow();
  const hour = Number(
    new Intl.DateTimeFormat("en-GB", {
      hour: "numeric",
      hourCycle: "h23",
      timeZone: person?.time_zone || undefined,
    }).format(now),
  );
  return hour >= 5 && hour < 11 ? "morning" : hour >= 11 && hour < 18 ? "day" : "evening";
}

/* How many rows a list has, and the way to it. */
function Figures() {
  const { may, isProvider } = useSession();
  return (
    <div className={classes.figures}>
      {isProvider && may("tenants:read") && (
        <Figure name="tenants" route="GET /tenants" to="/tenants" query={{ kind: "customer" }} />
      )}
      {may("people:read") && (
        <Figure
          name="people"
          route="GET /people"
          to="/people"
          query={{ status: "active" }}
          link={{ status: "active" }}
        />
      )}
      {may("people:read") && (
        <Figure
          name="invited"
          route="GET /people"
          to="/people"
          query={{ status: "invited" }}
          link={{ status: "invited" }}
        />
      )}
      {may("api_keys:read") && <Figure name="api_keys" route="GET /api-keys" to="/api-keys" query={{}} />}
      {isProvider && may("mail:read") && (
        <Figure
          name="mails_failed"
          route="GET /mails"
          to="/mails"
          query={{ state: "failed" }}
          link={{ state: "failed" }}
          isBad
        />
      )}
      {isProvider && may("jobs:read") && (
        <Figure
          name="jobs_dead"
          route="GET /jobs"
          to="/jobs"
          query={{ state: "dead" }}
          link={{ state: "dead" }}
          isBad
        />
      )}
    </div>
  );
}

type Counted = "GET /tenants" | "GET /people" | "GET /api-keys" | "GET /mails" | "GET /jobs";

function Figure({
  name,
  route,
  query,
  to,
  link,
  isBad,
}: {
  name: string;
  route: Counted;
  query: Record<string, unknown>;
  to: string;
  link?: Record<string, string>;
  isBad?: boolean;
}) {
  const { t } = useText();
  const number = useNumbers();
  const page = useRead(route, { query: { ...query, limit: 1, total: true } as never });
  const total = page.data?.total ?? null;
  return (
    <To to={to} search={link} className={classes.figure} underline="never">
      <span className={classes.number} data-bad={(isBad && Boolean(total)) || undefined}>
        {total === null ? "–" : number(total)}
      </span>
      <span className={classes.label}>{t(`home.figure.${name}`)}</span>
    </To>
  );
}

function Health() {
  const { t } = useText();
  const status = useRead("GET /platform/status");
  return (
    <Section
      title={t("page.status")}
      actions={
        <To to="/status" size="sm">
          {t("home.all_status")}
        </To>
      }
    >
      <Loaded of={status}>
        {(data) => {
          const tiles = data.tiles ?? [];
          const worrying = tiles.filter((tile) => ["warn", "bad"].includes(toneOfTile(tile)));
          if (worrying.length === 0) {
            return (
              <Group gap="xs">
                <IconCircleCheck size={20} color="var(--y-ok)" aria-hidden />
                <Text>{t("home.all_well")}</Text>
              </Group>
            );
          }
          return (
            <div className={classes.tiles}>
              {worrying.map((tile) => (
                <StatusTile key={tile.key} tile={tile} isSmall />
              ))}
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Latest() {
  const { t, value } = useText();
  const { may } = useSession();
  const lines = useRead("GET /audit", {
    query: { limit: 8, sort: "-at" } as never,
    enabled: may("audit:read"),
  });
  if (!may("audit:read")) return null;
  return (
    <Section
      title={t("home.latest")}
      flush
      actions={
        <To to="/audit" size="sm">
          {t("history.all")}
        </To>
      }
    >
      <Loaded of={lines}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState title={t("history.none")} />
          ) : (
            <ul className={classes.lines}>
              {data.items.map((line) => (
                <li key={line.id}>
                  <span className={classes.what}>
                    <b>{line.actor_name || t("audit.system")}</b> {value("action", line.action)}
                    {line.object_name && line.object_name !== line.actor_name && (
                      <Text span inherit c="dimmed">
                        {" "}
                        {line.object_name}
                      </Text>
                    )}
                  </span>
                  <Text span size="xs" c="dimmed">
                    <ExactTime at={line.at} />
                  </Text>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

const WAYS: Array<{ key: string; to: string; needs?: string; icon: Icon }> = [
  { key: "people", to: "/people", needs: "people:write", icon: IconUsers },
  { key: "profile", to: "/account", icon: IconUser },
  { key: "security", to: "/account/security", icon: IconShield },
  { key: "keys", to: "/account/api-keys", icon: IconKey },
];

function Ways() {
  const { t } = useText();
  const { may } = useSession();
  return (
    <Section title={t("home.ways")} flush>
      <ul className={classes.ways}>
        {WAYS.filter((way) => may(way.needs)).map((way) => {
          const Picture = way.icon;
          return (
            <li key={way.key}>
              <To to={way.to} underline="never" className={classes.way}>
                <Picture size={18} stroke={1.7} aria-hidden />
                <span>
                  <Title order={3} fz="sm" fw={550}>
                    {t(`home.way.${way.key}`)}
                  </Title>
                  <Text size="xs" c="dimmed">
                    {t(`home.way_hint.${way.key}`)}
                  </Text>
                </span>
                <IconChevronRight size={16} aria-hidden />
              </To>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
