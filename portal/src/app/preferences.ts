/* preferences: language and colours belong to the person, not to the browser: they are kept in the profile, so that
 * mails and the server's own sentences speak the same language as the screen. */
import { useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, type Body } from "@/api/client";
import { useSession } from "@/api/session";
import { isLanguage, speak, takeChoiceAtTheDoor, useText, type Language } from "@/text";
import { notifyProblem } from "@/ui/notify";

type Me = Body<"PUT /me">;

export function usePreferences() {
  const { t } = useText();
  const cache = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const keep = async (change: Partial<Me>) => {
    try {
      const { name, language, time_zone, theme } = await call("GET /me");
      await call("PUT /me", { body: { name, language, time_zone, theme, ...change } as Me });
      await cache.invalidateQueries();
    } catch (error) {
      notifyProblem(error, t("state.failed"));
    }
  };
  return {
    chooseLanguage: (language: Language) => speak(language).then(() => keep({ language })),
    chooseScheme: (theme: "light" | "dark") => {
      setColorScheme(theme);
      void keep({ theme });
    },
  };
}

/* At the beginning of a visit the profile decides, unless the person has just chosen a language at the door. */
export function useProfileAtStart() {
  const { person } = useSession();
  const { language } = useText();
  const { setColorScheme } = useMantineColorScheme();
  const { chooseLanguage } = usePreferences();
  useEffect(() => {
    if (!isLanguage(person?.language)) return;
    const chosen = takeChoiceAtTheDoor();
    if (chosen && chosen !== person.language) void chooseLanguage(chosen);
    else if (person.language !== language) void speak(person.language);
  }, [person?.language]);
  useEffect(() => {
    if (person?.theme) setColorScheme(person.theme);
  }, [person?.theme]);
}
