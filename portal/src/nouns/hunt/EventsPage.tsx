/* EventsPage: a question to stored events, or to the detections made of them, by fields or in a rule language. It is
 * asked as a search or, to be kept, as a hunt; what comes of it has a page of its own. */
import { Button, SegmentedControl, Skeleton, Switch, Textarea, TextInput } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { clientState, type Body } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import { IconSearch } from "@/ui/icons";
import { useGo, useWords } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { Page } from "@/ui/Page";
import { viewState } from "@/ui/table/model";
import { SavedViews } from "@/ui/table/SavedViews";
import classes from "./Hunt.module.css";
import { askedConditions, isPeriod, isReady, PERIODS, readConditions, type Period } from "./model";

/* What chooses fields and values is heavier than the page. */
const ConditionRows = lazy(() => import("./ConditionRows"));

type Language = Body<"POST /hunts">["language"];
/* What of the address a saved search keeps. */
const KEPT = ["about", "language", "conditions", "body", "period", "host"];
type About = NonNullable<Body<"POST /hunts">["about"]>;
const ABOUT: About[] = ["events", "detections"];
/* All rules have been asked of what they detected. */
const LANGUAGES: Record<About, Language[]> = {
  events: ["conditions", "sigma", "xml", "rules"],
  detections: ["conditions", "sigma", "xml"],
};

export default function EventsPage() {
  const { t, value } = useText();
  const { isProvider, tenant } = useSession();
  const tenantId = isProvider ? clientState.tenantId : (tenant?.id ?? "");
  const [words, change] = useWords();
  const go = useGo();
  const start = useVerb("POST /hunts", ["hunts"]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [title, setTitle] = useState(words.title ?? "");
  const [isShown, setShown] = useState(false);
  const about = ABOUT.find((one) => one === words.about) ?? "events";
  const language = LANGUAGES[about].find((one) => one === words.language) ?? "conditions";
  const period: Period = isPeriod(words.period) ? words.period : "24h";
  const conditions = readConditions(words.conditions);
  const errorAt = (pointer: string) => problem?.fields.find((one) => one.pointer === pointer)?.message;
  const canAsk = language === "conditions" ? conditions.some(isReady) : language === "rules" || Boolean(words.body);

  const ask = async (purpose: "search" | "hunt") => {
    setProblem(null);
    const from = new Date(Date.now() - PERIODS[period] * 3600_000).toISOString();
    try {
      const made = await start.mutateAsync({
        body: {
          purpose,
          about,
          language,
          title: title || null,
          conditions: language === "conditions" ? askedConditions(conditions) : null,
          body: language === "sigma" || language === "xml" ? words.body : null,
          host: words.host || null,
          tenant_ids: tenantId ? [tenantId] : null,
          from_at: from,
          shown: isShown,
        },
      });
      await go(`/hunts/${made.id}`);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };

  return (
    <Page
      title={t("page.events")}
      lead={t("hunt.lead")}
      actions={
        <SavedViews
          page="events"
          state={viewState(words, KEPT)}
          onChoose={(state) => change({ ...Object.fromEntries(KEPT.map((word) => [word, undefined])), ...state })}
        />
      }
    >
      <form
        className={classes.form}
        aria-label={t("page.events")}
        onSubmit={(event) => {
          event.preventDefault();
          void ask("search");
        }}
      >
        <SegmentedControl
          aria-label={t("hunt.about")}
          data={ABOUT.map((word) => ({ value: word, label: value("hunt_about", word) }))}
          value={about}
          onChange={(word) => change({ about: word === "events" ? undefined : word })}
        />
        <SegmentedControl
          aria-label={t("hunt.language")}
          data={LANGUAGES[about].map((word) => ({ value: word, label: value("hunt_language", word) }))}
          value={language}
          onChange={(word) => change({ language: word })}
        />
        {language === "conditions" && (
          <Suspense fallback={<Skeleton height={36} />}>
            <ConditionRows
              of={conditions}
              errorAt={errorAt}
              onChange={(next) => change({ conditions: JSON.stringify(next) })}
            />
          </Suspense>
        )}
        {(language === "sigma" || language === "xml") && (
          <Textarea
            className={classes.code}
            label={t("hunt.body")}
            description={t(`hunt.body_${language}`)}
            autosize
            minRows={10}
            maxRows={30}
            spellCheck={false}
            value={words.body ?? ""}
            error={errorAt("/body")}
            onChange={(event) => change({ body: event.currentTarget.value })}
          />
        )}
        {language === "rules" && <Note tone="info">{t("hunt.all_rules")}</Note>}
        {about === "detections" && <Note tone="info">{t("hunt.of_detections")}</Note>}
        <div className={classes.foot}>
          <SegmentedControl
            aria-label={t("hunt.period")}
            data={Object.keys(PERIODS).map((word) => ({ value: word, label: t(`hunt.last_${word}`) }))}
            value={period}
            onChange={(word) => change({ period: word })}
          />
          <TextInput
            label={t("hunt.host")}
            placeholder={t("hunt.any_host")}
            value={words.host ?? ""}
            error={errorAt("/host")}
            onChange={(event) => change({ host: event.currentTarget.value })}
          />
          <TextInput
            className={classes.grow}
            label={t("hunt.title")}
            placeholder={t("hunt.title_hint")}
            value={title}
            error={errorAt("/title")}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </div>
        {isProvider && tenantId && (
          <Switch
            label={t("hunt.shown")}
            checked={isShown}
            onChange={(event) => setShown(event.currentTarget.checked)}
          />
        )}
        {problem && problem.fields.length === 0 && <Note tone="bad">{problem.detail || problem.title}</Note>}
        {errorAt("/conditions") && <Note tone="bad">{errorAt("/conditions")}</Note>}
        <div className={classes.foot}>
          <Button
            type="submit"
            leftSection={<IconSearch size={16} aria-hidden />}
            loading={start.isPending}
            disabled={!canAsk}
          >
            {t("hunt.search")}
          </Button>
          <Button variant="default" loading={start.isPending} disabled={!canAsk} onClick={() => void ask("hunt")}>
            {t("hunt.hunt")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
