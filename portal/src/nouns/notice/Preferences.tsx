/* Preferences: per kind of news, whether it comes by mail, too, stays in the portal, or not at all. */
import { SegmentedControl, Stack, Text } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { notifyProblem } from "@/ui/notify";
import { Loaded } from "@/ui/Page";
import classes from "./Preferences.module.css";

type Choice = NonNullable<Out<"GET /me/notice-preferences">["items"]>[number];
type Way = NonNullable<Choice["way"]>;

const WAYS: Way[] = ["mail", "portal", "off"];

export function Preferences() {
  const choices = useRead("GET /me/notice-preferences");
  return (
    <Loaded of={choices}>
      {(data) => (
        <Stack gap={0}>
          {(data.items ?? []).map((choice) => (
            <Line key={choice.kind} choice={choice} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function Line({ choice }: { choice: Choice }) {
  const { t, value } = useText();
  const prefer = useVerb("PUT /me/notice-preferences");
  return (
    <div className={classes.line}>
      <div>
        <span id={`notice-${choice.kind}`}>{choice.title}</span>
        {choice.fixed && (
          <Text size="xs" c="dimmed">
            {t("notice.fixed")}
          </Text>
        )}
      </div>
      <SegmentedControl
        size="xs"
        aria-labelledby={`notice-${choice.kind}`}
        disabled={choice.fixed || prefer.isPending}
        value={choice.way}
        data={WAYS.map((way) => ({ value: way, label: value("notice_way", way) }))}
        onChange={(way) =>
          prefer.mutate(
            { body: { kind: choice.kind, way: way === choice.usual ? null : (way as Way) } },
            { onError: (error: unknown) => notifyProblem(error, t("state.failed")) },
          )
        }
      />
    </div>
  );
}
