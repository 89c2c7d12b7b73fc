/* RelativeTime: how long ago, with the exact time of the reader's zone on hover and focus. */
import { Text } from "@mantine/core";
import { Hint } from "./Hint";
import { useClock, useNow } from "./time";

export function RelativeTime({ at, missing = "–" }: { at: string | null | undefined; missing?: string }) {
  const clock = useClock();
  const now = useNow();
  if (!at)
    return (
      <Text span inherit c="var(--y-text-3)">
        {missing}
      </Text>
    );
  return (
    <Hint label={clock.exact(at)}>
      <time dateTime={at} className="y-num">
        {clock.relative(at, now)}
      </time>
    </Hint>
  );
}

/* An instant whose second matters: the audit log. */
export function ExactTime({ at }: { at: string | null | undefined }) {
  const clock = useClock();
  if (!at) return null;
  return (
    <Hint label={clock.exact(at)}>
      <time dateTime={at} className="y-num">
        {clock.seconds(at)}
      </time>
    </Hint>
  );
}
