/* FiguresPage: what was promised and what came of it, for a customer its own, for the provider of everybody. */
import { Button, Group, SegmentedControl, Skeleton, Text, TextInput } from "@mantine/core";
import { lazy, Suspense } from "react";
import { download } from "@/api/client";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { saveFile } from "@/ui/files";
import { IconDownload } from "@/ui/icons";
import { LoadingState } from "@/ui/LoadingState";
import { useWords } from "@/ui/nav";
import { notifyProblem } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { useClock } from "@/ui/time";
import { Chart } from "./Chart";
import classes from "./FiguresPage.module.css";
import type { Count } from "./sums";
import { Tiles } from "./Tiles";

const Comparison = lazy(() => import("./Comparison"));
const LookupOne = lazy(() => import("@/ui/Lookup").then((part) => ({ default: part.LookupOne })));
const Promises = lazy(() => import("./Promises"));

const METRICS = ["first_response", "acknowledge", "next_update", "resolve"];
const MONTHS = 6;

export default function FiguresPage() {
  const { t } = useText();
  const { isProvider } = useSession();
  const { timeZone } = useClock();
  const [words, change] = useWords();
  const now = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit" }).format(new Date());
  const month = /^\d{4}-\d{2}$/.test(words.month ?? "") ? words.month! : now.slice(0, 7);
  const [year, number] = month.split("-").map(Number) as [number, number];
  const ask = { year, month: number, months: MONTHS, customer_id: words.tenant || undefined };
  const counts = useRead("GET /service-trend", { query: { ...ask, months: 1 } });
  const save = async () => {
    try {
      saveFile(await download("GET /service-figures", { query: ask }), `service-figures-${month}.csv`);
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  return (
    <Page
      title={t("page.figures")}
      lead={t("figures.lead")}
      actions={
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
          {t("table.export")}
        </Button>
      }
    >
      <Group align="flex-end" gap="md">
        <TextInput
          type="month"
          label={t("figures.month")}
          value={month}
          max={now.slice(0, 7)}
          onChange={(event) => change({ month: event.currentTarget.value })}
        />
        {isProvider && (
          <div style={{ flex: "0 1 300px" }}>
            <Suspense fallback={<Skeleton height={58} />}>
              <LookupOne
                name="tenant_id"
                label={t("field.tenant_id")}
                placeholder={t("shell.all_tenants")}
                query={{ kind: "customer" }}
                value={words.tenant || null}
                onChange={(id) => change({ tenant: id ?? undefined })}
              />
            </Suspense>
          </div>
        )}
      </Group>
      <Loaded of={counts}>
        {(data) => <Figures counts={data.items} month={month} ask={ask} tenant={words.tenant} />}
      </Loaded>
    </Page>
  );
}

interface FiguresProps {
  counts: Count[];
  month: string;
  ask: Record<string, unknown>;
  tenant?: string;
}

function Figures({ counts, month, ask, tenant }: FiguresProps) {
  const { t, value } = useText();
  const { isProvider } = useSession();
  const [words, change] = useWords();
  const known = METRICS.filter((metric) => counts.some((row) => row.metric === metric));
  const metric = known.find((one) => one === words.metric) ?? known[0];
  if (!metric) return <EmptyState title={t("figures.empty")} hint={t("figures.empty_hint")} />;
  const mine = counts.filter((row) => row.metric === metric);
  const isWhole = !isProvider || Boolean(tenant);
  return (
    <>
      {known.length > 1 ? (
        <SegmentedControl
          data={known.map((one) => ({ value: one, label: value("metric", one) }))}
          value={metric}
          onChange={(one) => change({ metric: one })}
          style={{ alignSelf: "flex-start" }}
        />
      ) : (
        <Text fw={600} fz={16}>
          {value("metric", metric)}
        </Text>
      )}
      <Customers ask={{ ...ask, metric, months: 1 }} counts={mine} month={month} isWhole={isWhole} />
      <Section title={t("figures.by_month", { count: MONTHS })}>
        <Trend ask={{ ...ask, metric }} month={month} />
      </Section>
      <Suspense fallback={<LoadingState />}>
        <Promises month={month} metric={metric} tenant={tenant} />
      </Suspense>
    </>
  );
}

/* Half a year of all customers takes a moment to count; the month itself does not wait for it. */
function Trend({ ask, month }: { ask: Record<string, unknown>; month: string }) {
  const trend = useRead("GET /service-trend", { query: { ...ask, limit: 200 } });
  return <Loaded of={trend}>{(data) => <Chart rows={data.items} month={month} count={MONTHS} />}</Loaded>;
}

interface CustomersProps {
  ask: Record<string, unknown>;
  counts: Count[];
  month: string;
  isWhole: boolean;
}

/* The month itself: of one customer with how fast it went, of all with one row for each. */
function Customers({ ask, counts, month, isWhole }: CustomersProps) {
  const { t } = useText();
  const figures = useRead("GET /service-figures", { query: { ...ask, limit: 1000 } });
  const rows = figures.data?.items ?? [];
  return (
    <>
      <Tiles counts={counts} times={isWhole ? rows : undefined} />
      {!isWhole && (
        <Section title={t("figures.comparison")} flush>
          <Loaded of={figures}>
            {(data) => (
              <Suspense fallback={<LoadingState />}>
                <div className={classes.scroll}>
                  <Comparison rows={data.items} month={month} />
                </div>
                {data.next_cursor && <p className={classes.more}>{t("figures.more")}</p>}
              </Suspense>
            )}
          </Loaded>
        </Section>
      )}
    </>
  );
}
