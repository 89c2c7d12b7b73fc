/* AccountTabs: the pages of one's own account, side by side. */
import { Tabs } from "@mantine/core";
import { useText } from "@/text";
import { useGo, usePathname } from "@/ui/nav";
import { pages } from "./pages";
import classes from "./Shell.module.css";

export function AccountTabs() {
  const { t } = useText();
  const go = useGo();
  const pathname = usePathname();
  const rows = pages.filter((row) => row.group === "account");
  return (
    <Tabs className={classes.tabs} value={pathname} onChange={(path) => path && void go(path)}>
      <Tabs.List aria-label={t("shell.account")}>
        {rows.map((row) => (
          <Tabs.Tab key={row.key} value={row.path}>
            {t(`page.${row.key}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
