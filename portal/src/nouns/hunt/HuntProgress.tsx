/* HuntProgress: how far a search or hunt is, and how much it found. */
import { Progress, Text } from "@mantine/core";
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { useNumbers } from "@/ui/time";
import classes from "./Hunt.module.css";

export type Hunt = Out<"GET /hunts/{id}">;

export const isOver = (hunt: Hunt) => hunt.state !== "waiting" && hunt.state !== "running";

export function HuntProgress({ hunt }: { hunt: Hunt }) {
  const { t } = useText();
  const number = useNumbers();
  const total = hunt.events_total ?? 0;
  const passed = hunt.events_passed ?? 0;
  const percent = isOver(hunt) && hunt.state === "done" ? 100 : total > 0 ? (100 * passed) / total : 0;
  return (
    <div className={classes.progress}>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          aria-label={t("hunt.progress")}
          animated={!isOver(hunt)}
          color={hunt.state === "failed" ? "red" : undefined}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" role="status">
        {t(hunt.kept < hunt.hits ? "hunt.found_most" : "hunt.found", {
          hits: number(hunt.hits),
          kept: number(hunt.kept),
          passed: number(passed),
          total: number(total),
        })}
      </Text>
    </div>
  );
}
