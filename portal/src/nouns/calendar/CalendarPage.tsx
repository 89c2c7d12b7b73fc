/* CalendarPage: a calendar as a year on the wall, what changes when, and who goes by it. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { IconClock } from "@/ui/icons";
import { LinkButton } from "@/ui/LinkButton";
import { useParam } from "@/ui/nav";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import classes from "./CalendarPage.module.css";
import { weekText, type Version } from "./draft";
import { YearStepper } from "./DraftForm";
import { YearView } from "./YearView";

const Users = lazy(() => import("./Users"));

type Calendar = Out<"GET /business-calendars/{id}">;

export default function CalendarPage() {
  const { t } = useText();
  const { may } = useSession();
  const id = useParam("id");
  const calendar = useRead("GET /business-calendars/{id}", { path: { id } });
  const row = calendar.data;
  return (
    <Page
      title={row?.name ?? t("page.calendar")}
      lead={row?.time_zone}
      back={{ to: "/calendars", title: t("page.calendars") }}
      actions={
        row &&
        may("calendars:write") && (
          <LinkButton to={`/calendars/${id}/change`} icon={IconClock}>
            {t("calendar.change")}
          </LinkButton>
        )
      }
    >
      <Loaded of={calendar}>{(data) => <Body calendar={data} />}</Loaded>
    </Page>
  );
}

function Body({ calendar }: { calendar: Calendar }) {
  const { t } = useText();
  const [year, setYear] = useState(new Date().getFullYear());
  const shown = useRead("GET /business-calendars/{id}/year", { path: { id: calendar.id }, query: { year } });
  return (
    <>
      <Section title={t("calendar.year")} actions={<YearStepper year={year} onChange={setYear} />}>
        <Loaded of={shown}>{(data) => <YearView year={data} />}</Loaded>
      </Section>
      <Versions calendar={calendar} />
      <Suspense>
        <Users calendar={calendar} />
      </Suspense>
      <ObjectHistory type="business_calendar" id={calendar.id} />
    </>
  );
}

function Versions({ calendar }: { calendar: Calendar }) {
  const { t } = useText();
  const versions = useRead("GET /business-calendars/{id}/versions", { path: { id: calendar.id } });
  return (
    <Section title={t("calendar.versions")} lead={t("calendar.versions_lead")}>
      <Loaded of={versions}>
        {(data) => (
          <Stack gap="xs">
            {(data.items ?? []).map((version, index, all) => (
              <VersionRow
                key={version.from_day}
                calendar={calendar}
                version={version}
                isFirst={index === 0}
                next={all[index + 1]?.from_day}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function VersionRow({
  calendar,
  version,
  isFirst,
  next,
}: {
  calendar: Calendar;
  version: Version;
  isFirst: boolean;
  next?: string;
}) {
  const { t, value } = useText();
  const { may } = useSession();
  const { confirm, dialog } = useConfirm();
  const drop = useVerb("DELETE /business-calendars/{id}/versions/{from_day}", ["tickets"]);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: calendar.time_zone }).format(new Date());
  const isComing = version.from_day > today;
  const named = version.exceptions?.length ?? 0;
  const ask = () =>
    confirm({
      title: t("calendar.drop"),
      text: t("calendar.drop_text", { day: version.from_day }),
      action: t("calendar.drop"),
      isDangerous: true,
      run: () => drop.mutateAsync({ path: { id: calendar.id, from_day: version.from_day } }),
    });
  return (
    <Group justify="space-between" className={classes.version} data-coming={isComing || undefined}>
      <div>
        <Text fw={600} className="y-num">
          {isFirst && !isComing
            ? t("calendar.since_ever", { until: next ?? "" })
            : t("calendar.from", { day: version.from_day })}
        </Text>
        <Text size="sm" c="dimmed">
          {[
            weekText(version, (day) => value("weekday", String(day))),
            value("holidays", version.holidays),
            named > 0 && t("calendar.named", { count: named }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
      {isComing && may("calendars:write") && (
        <Button size="xs" variant="default" c="var(--y-bad)" onClick={ask}>
          {t("calendar.drop")}
        </Button>
      )}
      {dialog}
    </Group>
  );
}
