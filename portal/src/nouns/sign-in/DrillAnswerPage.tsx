/* DrillAnswerPage: where the link of a drill's mail leads: one button, no sign-in. Opening the page alone says nothing,
 * since mail programs open links by themselves. */
import { Button, Stack, Text } from "@mantine/core";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useParam } from "@/ui/nav";
import { Note } from "@/ui/Note";
import { Door } from "./Door";

export default function DrillAnswerPage() {
  const { t } = useText();
  const token = useParam("token");
  const answer = useVerb("POST /drill-answers/{token}");
  const thanks = answer.data;
  return (
    <Door title={t("drill_answer.title")} lead={t("drill_answer.lead")}>
      <Stack>
        {thanks ? (
          <Note tone="ok" role="status" title={t("drill_answer.thanks", { name: thanks.name })}>
            {t("drill_answer.done")}
          </Note>
        ) : (
          <>
            {answer.error && (
              <Note tone="warn" role="alert">
                {answer.error.title}
              </Note>
            )}
            <Button size="lg" loading={answer.isPending} onClick={() => answer.mutate({ path: { token } })}>
              {t("drill_answer.press")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("drill_answer.hint")}
            </Text>
          </>
        )}
      </Stack>
    </Door>
  );
}
