/* Door: what surrounds every step before the portal proper: the tower at the left, one calm form at the right. */
import {
  ActionIcon,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { isLanguage, LANGUAGES, speakAtTheDoor, useText } from "@/text";
import { BrandMark } from "@/ui/Brand";
import { IconMoon, IconSun } from "@/ui/icons";
import classes from "./Door.module.css";
import { Tower } from "./Tower";

export function Door({
  title,
  lead,
  children,
  wide,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  const { t, language } = useText();
  useDocumentTitle(`${title} · ${t("app.name")}`);
  return (
    <div className={classes.door}>
      <div className={classes.wall}>
        <Group gap="sm" className={classes.wallBrand}>
          <BrandMark size={30} />
          {t("app.name")}
        </Group>
        <p className={classes.motto}>{t("door.motto")}</p>
        <Tower />
      </div>
      <main className={classes.room}>
        <Group justify="space-between" className={classes.top}>
          <span className={classes.smallBrand}>
            <BrandMark size={26} /> {t("app.name")}
          </span>
          <Group gap="xs">
            <SchemeButton />
            <SegmentedControl
              size="xs"
              value={language}
              aria-label={t("field.language")}
              data={LANGUAGES.map((one) => ({ value: one, label: t(`value.language.${one}`) }))}
              onChange={(one) => isLanguage(one) && void speakAtTheDoor(one)}
            />
          </Group>
        </Group>
        <div className={classes.card} data-wide={wide || undefined}>
          <Stack gap={6} mb="lg">
            <Title order={1} fz={24}>
              {title}
            </Title>
            {lead && (
              <Text c="dimmed" component="div">
                {lead}
              </Text>
            )}
          </Stack>
          {children}
        </div>
      </main>
    </div>
  );
}

function SchemeButton() {
  const { t } = useText();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = document.documentElement.dataset.mantineColorScheme === "dark";
  const Picture = isDark ? IconSun : IconMoon;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t(isDark ? "shell.light" : "shell.dark")}
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      <Picture size={17} aria-hidden />
    </ActionIcon>
  );
}
