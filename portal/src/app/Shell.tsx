/* Shell: the frame around every page after sign-in: menu, head, banner, and what lies above everything. */
import { useDisclosure, useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useMatches } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { startLive } from "@/api/live";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ErrorState } from "@/ui/ErrorState";
import { usePathname } from "@/ui/nav";
import { AccountTabs } from "./AccountTabs";
import { ActingBanner } from "./ActingBanner";
import { Header } from "./Header";
import { useLiveNews } from "./live-news";
import { Navigation } from "./Navigation";
import type { PageRow } from "./pages";
import { PasswordBanner } from "./PasswordBanner";
import { useProfileAtStart } from "./preferences";
import { mayOpen } from "./router";
import classes from "./Shell.module.css";
import { useShortcuts } from "./shortcuts";

/* What lies above the page is loaded when it is first opened. */
const CommandPalette = lazy(() => import("./CommandPalette"));
const ShortcutsHelp = lazy(() => import("./ShortcutsHelp"));
const MenuDrawer = lazy(() => import("./MenuDrawer"));

export default function Shell() {
  const { t } = useText();
  const { session } = useSession();
  const cache = useQueryClient();
  const pathname = usePathname();
  const isPhone = useMediaQuery("(max-width: 820px)", false, { getInitialValueInEffect: false });
  const [isFolded, setFolded] = useLocalStorage({ key: "yagura.menu-folded", defaultValue: false });
  const [isDrawerOpen, drawer] = useDisclosure(false);
  const [isPaletteOpen, palette] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  useLiveNews(cache);
  const page = useMatches({ select: (matches) => matches.at(-1)?.staticData.page }) as PageRow | undefined;

  useEffect(() => startLive(), []);
  useEffect(() => drawer.close(), [pathname]);
  useProfileAtStart();
  useShortcuts({ openPalette: palette.open, openHelp: help.open, foldMenu: () => setFolded((now) => !now) });

  const isAllowed = !page || mayOpen(session, page);
  return (
    <div className={classes.frame} data-folded={isFolded || undefined} data-side={session?.side}>
      <a href="#content" className="y-skip">
        {t("shell.skip")}
      </a>
      {!isPhone && (
        <aside className={classes.side}>
          <Navigation isFolded={isFolded} onFold={() => setFolded(!isFolded)} onHelp={help.open} />
        </aside>
      )}
      <div className={classes.main}>
        <Header
          onMenu={isPhone ? drawer.open : undefined}
          onSearch={palette.open}
          onHelp={help.open}
        />
        <ActingBanner />
        <PasswordBanner />
        <main id="content" tabIndex={-1} className={classes.content}>
          {page?.group === "account" && <AccountTabs />}
          {isAllowed ? <Outlet /> : <ErrorState notFound />}
        </main>
      </div>
      <Suspense>
        {isPhone && isDrawerOpen && <MenuDrawer onClose={drawer.close} onHelp={help.open} />}
        {isPaletteOpen && <CommandPalette onClose={palette.close} />}
        {isHelpOpen && <ShortcutsHelp onClose={help.close} />}
      </Suspense>
    </div>
  );
}
