/* explain: an incident rule as sentences, so that nobody has to know what its fields mean. */
import { useText } from "@/text";
import { useDuration } from "@/ui/clock-times";

/** What a rule asks; of a form that is being filled in, as far as it goes. */
export interface Asks {
  min_score?: number | null;
  sum_score?: number | null;
  min_detections?: number | null;
  min_tactics?: number | null;
  min_computers?: number | null;
  tactic_order?: string[] | null;
  correlation?: boolean | null;
  rule_keys?: string[] | null;
  gather_by?: string[] | null;
  window_minutes?: number | null;
}

const COUNTS = ["min_score", "sum_score", "min_detections", "min_tactics", "min_computers"] as const;

export function useExplain() {
  const { t, value, language } = useText();
  const duration = useDuration();
  const listed = (words: string[], type: "conjunction" | "disjunction") =>
    new Intl.ListFormat(language, { type, style: "long" }).format(words);
  /** All of these must hold; none: the rule asks nothing. */
  const conditions = (rule: Asks): string[] => {
    const order = (rule.tactic_order ?? []).map((word) => value("tactic", word));
    return [
      ...COUNTS.filter((name) => rule[name]).map((name) => t(`incident_rule.asks.${name}`, { n: rule[name] })),
      ...(order.length ? [t("incident_rule.asks.tactic_order", { order: order.join(" → ") })] : []),
      ...(rule.correlation ? [t("incident_rule.asks.correlation")] : []),
      ...(rule.rule_keys?.length ? [t("incident_rule.asks.rule_keys", { n: rule.rule_keys.length })] : []),
    ];
  };
  /** What detections must share to be looked at together. */
  const story = (rule: Asks): string =>
    t("incident_rule.story", {
      what: listed((rule.gather_by ?? []).map((word) => value("gather_by", word)), "disjunction"),
      window: duration((rule.window_minutes ?? 0) * 60),
    });
  return { conditions, story, together: (words: string[]) => listed(words, "conjunction") };
}
