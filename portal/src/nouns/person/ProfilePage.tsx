import { SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRead } from "@/api/queries";
import { isLanguage, speak, useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";

/* "auto" follows the device. */
type Theme = "auto" | "light" | "dark";

export default function ProfilePage() {
  const { t, field, value } = useText();
  const cache = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const me = useRead("GET /me");
  return (
    <Page title={t("page.account")} lead={t("account.lead")} width="narrow">
      <Loaded of={me}>
        {(data) => (
          <Section title={t("account.profile")}>
            <Form
              route="PUT /me"
              noun="account"
              initial={data as never}
              layout={["name", "language", "time_zone", "theme"]}
              autoComplete={{ name: "name" }}
              controls={{
                theme: (control) => (
                  <Stack gap={4} align="flex-start">
                    <span id="theme-label">{field("theme", "account")}</span>
                    <SegmentedControl
                      aria-labelledby="theme-label"
                      value={(control.value as string) || "auto"}
                      data={(control.field.words ?? []).map((word) => ({
                        value: word,
                        label: value("theme", word),
                      }))}
                      onChange={(theme) => {
                        control.onChange(theme);
                        setColorScheme(theme as Theme);
                      }}
                    />
                  </Stack>
                ),
              }}
              alsoChanges={["session"]}
              submit={t("action.save")}
              onDone={(_out, sent) => {
                if (isLanguage(sent.language)) void speak(sent.language);
                void cache.invalidateQueries({ queryKey: ["session"] });
                notifyDone(t("state.saved"));
              }}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  );
}
