/* Header: whose rows are shown, the way to everything, and the person's own switches. */
import { ActionIcon, Kbd, UnstyledButton } from "@mantine/core";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Hint } from "@/ui/Hint";
import { IconHelp, IconLanguage, IconMenu, IconMoon, IconSearch, IconSun } from "@/ui/icons";
import { AccountMenu } from "./AccountMenu";
import { NoticeBell } from "./NoticeBell";
import classes from "./Shell.module.css";
import { usePreferences } from "./preferences";
import { TenantSwitcher } from "./TenantSwitcher";

const PALETTE_KEYS = "Ctrl K";

export function Header({
  onMenu,
  onSearch,
  onHelp,
}: {
  onMenu?: () => void;
  onSearch: () => void;
  onHelp: () => void;
}) {
  const { t } = useText();
  const { isProvider } = useSession();
  return (
    <header className={classes.head}>
      {onMenu && (
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("shell.menu")} onClick={onMenu}>
          <IconMenu size={20} aria-hidden />
        </ActionIcon>
      )}
      {isProvider ? <TenantSwitcher /> : <OwnTenant />}
      <div className={classes.grow} />
      <UnstyledButton className={classes.searchButton} onClick={onSearch}>
        <IconSearch size={15} aria-hidden />
        <span>{t("palette.open")}</span>
        <Kbd size="xs" aria-hidden>
          {PALETTE_KEYS}
        </Kbd>
      </UnstyledButton>
      <NoticeBell />
      {!onMenu && (
        <Hint label={t("shortcuts.title")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("shortcuts.title")}
            onClick={onHelp}
          >
            <IconHelp size={19} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Hint>
      )}
      {!onMenu && <SchemeSwitch />}
      <LanguageSwitch />
      <AccountMenu />
    </header>
  );
}

function OwnTenant() {
  const { tenant } = useSession();
  return <strong style={{ fontWeight: 600 }}>{tenant?.name}</strong>;
}

export function LanguageSwitch() {
  const { t, language } = useText();
  const { chooseLanguage } = usePreferences();
  const other = language === "ja" ? "en" : "ja";
  return (
    <Hint label={t("shell.switch_language")}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("shell.switch_language")}
        lang={other}
        onClick={() => void chooseLanguage(other)}
      >
        <IconLanguage size={19} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Hint>
  );
}

export function SchemeSwitch() {
  const { t } = useText();
  const { chooseScheme } = usePreferences();
  const isDark = document.documentElement.dataset.mantineColorScheme === "dark";
  const label = t(isDark ? "shell.light" : "shell.dark");
  return (
    <Hint label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => chooseScheme(isDark ? "light" : "dark")}
      >
        {isDark ? (
          <IconSun size={19} stroke={1.7} aria-hidden />
        ) : (
          <IconMoon size={19} stroke={1.7} aria-hidden />
        )}
      </ActionIcon>
    </Hint>
  );
}
