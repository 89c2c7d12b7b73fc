/* model: a search as it is written, and what it becomes when it is asked. Its words live in the address, so that a
 * search can be sent to a colleague and kept as a view. */
import type { Body } from "@/api/client";

export type Ask = Body<"POST /hunts">;
export type Operator = NonNullable<NonNullable<Ask["conditions"]>[number]>["operator"];

export interface Condition {
  field: string;
  operator: Operator;
  values: string[];
}

export const OPERATORS: Operator[] = [
  "contains",
  "has_word",
  "is",
  "starts",
  "ends",
  "contains_not",
  "is_not",
  "present",
  "absent",
  "in_network",
  "above",
  "below",
  "matches",
];
export const takesValues = (operator: Operator) => operator !== "present" && operator !== "absent";

/** What is asked for most; any other name that an event has will do as well. */
export const FIELDS = [
  "CommandLine",
  "Image",
  "ParentImage",
  "ParentCommandLine",
  "OriginalFileName",
  "User",
  "Hashes",
  "DestinationIp",
  "DestinationHostname",
  "DestinationPort",
  "SourceIp",
  "QueryName",
  "TargetFilename",
  "TargetObject",
  "Details",
  "ImageLoaded",
  "ScriptBlockText",
  "PipeName",
  "ServiceName",
  "TargetUserName",
  "IpAddress",
  "LogonType",
  "EventID",
  "Channel",
  "ProcessGuid",
];

export const PERIODS = { "1h": 1, "24h": 24, "7d": 168, "31d": 744 } as const;
export type Period = keyof typeof PERIODS;
export const isPeriod = (word: string | undefined): word is Period => word !== undefined && word in PERIODS;

export const emptyCondition = (): Condition => ({ field: "", operator: "contains", values: [] });

const isCondition = (one: unknown): one is Condition => {
  const c = one as Condition;
  return typeof c?.field === "string" && OPERATORS.includes(c.operator) && Array.isArray(c.values);
};

/** From the address: whatever does not look like conditions is none. */
export function readConditions(text: string | undefined): Condition[] {
  try {
    const parsed: unknown = JSON.parse(text ?? "[]");
    const good = Array.isArray(parsed) ? parsed.filter(isCondition) : [];
    return good.length > 0 ? good : [emptyCondition()];
  } catch {
    return [emptyCondition()];
  }
}

/** An address inside a text is sought faster as a word: filters of stored events know words. */
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7})$/i;
export const isBetterAsWord = (c: Condition) =>
  c.operator === "contains" && c.values.length > 0 && c.values.every((value) => ADDRESS.test(value));

export const isReady = (c: Condition) => !takesValues(c.operator) || c.values.some((value) => value !== "");

export function askedConditions(conditions: Condition[]): Ask["conditions"] {
  return conditions.filter(isReady).map((c) => ({
    field: c.field || null,
    operator: c.operator,
    values: takesValues(c.operator) ? c.values.filter((value) => value !== "") : null,
  }));
}
