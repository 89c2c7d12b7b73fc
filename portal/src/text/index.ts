/* text: everything a person reads, in the language of the person. ja.json and en.json have the same keys (a check
 * holds them to it); only the one in use is downloaded, and what only some pages say, ja/PART.json, comes with the
 * first of them. Before sign-in the choice is kept in the browser. */
import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { clientState } from "@/api/client";

export type Language = "ja" | "en";
export const LANGUAGES: Language[] = ["ja", "en"];
const KEY = "yagura.language";

const load: Record<Language, () => Promise<{ default: object }>> = {
  ja: () => import("./ja.json"),
  en: () => import("./en.json"),
};

const parts = {
  door: { ja: () => import("./ja/door.json"), en: () => import("./en/door.json") },
  people: { ja: () => import("./ja/people.json"), en: () => import("./en/people.json") },
  access: { ja: () => import("./ja/access.json"), en: () => import("./en/access.json") },
  platform: { ja: () => import("./ja/platform.json"), en: () => import("./en/platform.json") },
  ticket: { ja: () => import("./ja/ticket.json"), en: () => import("./en/ticket.json") },
  document: { ja: () => import("./ja/document.json"), en: () => import("./en/document.json") },
  history: { ja: () => import("./ja/history.json"), en: () => import("./en/history.json") },
  setup: { ja: () => import("./ja/setup.json"), en: () => import("./en/setup.json") },
  work: { ja: () => import("./ja/work.json"), en: () => import("./en/work.json") },
  service: { ja: () => import("./ja/service.json"), en: () => import("./en/service.json") },
  calls: { ja: () => import("./ja/calls.json"), en: () => import("./en/calls.json") },
  file: { ja: () => import("./ja/file.json"), en: () => import("./en/file.json") },
  notice: { ja: () => import("./ja/notice.json"), en: () => import("./en/notice.json") },
  escalation: { ja: () => import("./ja/escalation.json"), en: () => import("./en/escalation.json") },
  webhook: { ja: () => import("./ja/webhook.json"), en: () => import("./en/webhook.json") },
  hunt: { ja: () => import("./ja/hunt.json"), en: () => import("./en/hunt.json") },
  trace: { ja: () => import("./ja/trace.json"), en: () => import("./en/trace.json") },
  xdr: { ja: () => import("./ja/xdr.json"), en: () => import("./en/xdr.json") },
  detection: { ja: () => import("./ja/detection.json"), en: () => import("./en/detection.json") },
  rule: { ja: () => import("./ja/rule.json"), en: () => import("./en/rule.json") },
  exclusion: { ja: () => import("./ja/exclusion.json"), en: () => import("./en/exclusion.json") },
  ingest: { ja: () => import("./ja/ingest.json"), en: () => import("./en/ingest.json") },
  incident: { ja: () => import("./ja/incident.json"), en: () => import("./en/incident.json") },
  incident_rule: { ja: () => import("./ja/incident_rule.json"), en: () => import("./en/incident_rule.json") },
  incident_level: { ja: () => import("./ja/incident_level.json"), en: () => import("./en/incident_level.json") },
  reputation: { ja: () => import("./ja/reputation.json"), en: () => import("./en/reputation.json") },
  inventory: { ja: () => import("./ja/inventory.json"), en: () => import("./en/inventory.json") },
  dashboard: { ja: () => import("./ja/dashboard.json"), en: () => import("./en/dashboard.json") },
  incident_home: { ja: () => import("./ja/incident_home.json"), en: () => import("./en/incident_home.json") },
  case: { ja: () => import("./ja/case.json"), en: () => import("./en/case.json") },
};
export type Part = keyof typeof parts;
const spokenParts = new Set<Part>();

export const isLanguage = (word: string | null | undefined): word is Language =>
  word === "ja" || word === "en";

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (isLanguage(kept)) return kept;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("ja")) ? "ja" : "en";
}

export async function startText() {
  await i18next.init({
    resources: {},
    fallbackLng: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`no text for ${key}`),
  });
  await speak(firstLanguage());
}

export async function speak(language: Language) {
  if (!i18next.hasResourceBundle(language, "translation")) {
    const texts = await load[language]();
    i18next.addResourceBundle(language, "translation", texts.default);
  }
  await Promise.all([...spokenParts].map((part) => addPart(part, language)));
  await i18next.changeLanguage(language);
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  clientState.language = language;
}

const addedParts = new Set<string>();

async function addPart(part: Part, language: Language) {
  const key = `${language}/${part}`;
  if (addedParts.has(key)) return;
  const texts = await parts[part][language]();
  i18next.addResourceBundle(language, "translation", texts.default, true);
  addedParts.add(key);
}

/* A page whose texts come with it. */
export async function withText<T>(some: Part[], page: Promise<T>): Promise<T> {
  some.forEach((part) => spokenParts.add(part));
  await Promise.all(some.map((part) => addPart(part, readLanguage())));
  return page;
}

/* Who picks a language before signing in means it: it is told to the profile after sign-in. */
const DOOR_KEY = "yagura.language-chosen";

export function speakAtTheDoor(language: Language) {
  sessionStorage.setItem(DOOR_KEY, language);
  return speak(language);
}

export function takeChoiceAtTheDoor(): Language | null {
  const chosen = sessionStorage.getItem(DOOR_KEY);
  sessionStorage.removeItem(DOOR_KEY);
  return isLanguage(chosen) ? chosen : null;
}

export type Text = (key: string, values?: Record<string, unknown>) => string;

export interface Words {
  t: Text;
  language: Language;
  /** The label of a field: the noun's own word for it, else the common one. */
  field: (name: string, noun?: string) => string;
  /** A word of a domain, as people read it. */
  value: (field: string, word: string | null | undefined) => string;
  /** A sentence of help beside a field, when there is one. */
  help: (name: string, noun?: string) => string | undefined;
  /** What the server stores in both languages. */
  named: (row: { name_en?: string | null; name_ja?: string | null; key?: string | null }) => string;
}

const t: Text = (key, values) => i18next.t(key, values as never) as unknown as string;

/* Domains to which the server adds words without asking the portal: an unknown one is shown as it is spelled. */
const OPEN = new Set([
  "action",
  "change_verb",
  "event_kind",
  "history_did",
  "history_field",
  "job_kind",
  "job_state",
  "mail_kind",
  "object_type",
]);

const readLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : "en");

function watchLanguage(tell: () => void) {
  i18next.on("languageChanged", tell);
  return () => i18next.off("languageChanged", tell);
}

export function useText(): Words {
  const language = useSyncExternalStore(watchLanguage, readLanguage);
  const first = (keys: string[]) => keys.find((key) => i18next.exists(key));
  return {
    t,
    language,
    field: (name, noun) => t(first([`${noun}.field.${name}`]) ?? `field.${name}`),
    value: (field, word) => {
      if (!word) return "";
      const key = first([`value.${field}.${word}`, `value.any.${word}`]);
      return key || !OPEN.has(field) ? t(key ?? `value.${field}.${word}`) : word;
    },
    help: (name, noun) => {
      const key = first([`${noun}.help.${name}`, `help.${name}`]);
      return key && t(key);
    },
    named: (row) =>
      (language === "ja" ? row.name_ja : row.name_en) || row.name_en || row.name_ja || row.key || "",
  };
}
