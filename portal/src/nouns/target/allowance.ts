/* allowance: how much is promised, as people say it. */
import { useText } from "@/text";
import { useDuration } from "@/ui/clock-times";

export function useAllowance() {
  const { t } = useText();
  const duration = useDuration();
  return (pace: string | null, allowance: number): string => {
    if (pace === "business_days") return t("clock.goal_days", { n: allowance });
    return t(pace === "business_time" ? "clock.goal_business" : "clock.goal", { time: duration(allowance) });
  };
}
