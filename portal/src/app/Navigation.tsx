/* Navigation: the menu at the left, from the table of pages; it folds to its icons. */
import { UnstyledButton } from "@mantine/core";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { BrandMark } from "@/ui/Brand";
import { Hint } from "@/ui/Hint";
import { IconFold, IconHelp, IconUnfold } from "@/ui/icons";
import { usePathname } from "@/ui/nav";
import { To } from "@/ui/To";
import { pages, type Group, type PageRow } from "./pages";
import { mayOpen } from "./router";
import classes from "./Shell.module.css";

const GROUPS: Group[] = ["start", "xdr", "service", "people", "oversight", "platform", "develop"];

const isHere = (row: PageRow, pathname: string) =>
  row.path === "/" ? pathname === "/" : pathname === row.path || pathname.startsWith(`${row.path}/`);

export function Navigation({
  isFolded,
  onFold,
  onHelp,
}: {
  isFolded?: boolean;
  onFold?: () => void;
  onHelp: () => void;
}) {
  const { t } = useText();
  const { session } = useSession();
  const pathname = usePathname();
  const groups = GROUPS.map((group) => ({
    group,
    rows: pages.filter((row) => row.group === group && mayOpen(session, row)),
  })).filter((one) => one.rows.length > 0);
  const Fold = isFolded ? IconUnfold : IconFold;
  const foldLabel = t(isFolded ? "shell.unfold" : "shell.fold");

  return (
    <nav className={`${classes.nav} ${isFolded ? classes.folded : ""}`} aria-label={t("shell.menu")}>
      <To to="/" className={classes.brand} underline="never">
        <BrandMark />
        <span>{t("app.name")}</span>
      </To>
      {groups.map(({ group, rows }) => (
        <div key={group}>
          {group !== "start" && (
            <div className={classes.groupTitle} id={`nav-${group}`}>
              {t(`group.${group}`)}
            </div>
          )}
          <ul className={classes.list} aria-labelledby={group === "start" ? undefined : `nav-${group}`}>
            {rows.map((row) => (
              <li key={row.key}>
                <NavItem row={row} isFolded={isFolded} isCurrent={isHere(row, pathname)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className={classes.bottom}>
        <UnstyledButton className={classes.link} onClick={onHelp}>
          <IconHelp size={18} stroke={1.7} aria-hidden />
          <span>{t("shell.help")}</span>
        </UnstyledButton>
        {onFold && (
          <UnstyledButton className={classes.link} onClick={onFold} aria-expanded={!isFolded}>
            <Fold size={18} stroke={1.7} aria-hidden />
            <span>{foldLabel}</span>
          </UnstyledButton>
        )}
      </div>
    </nav>
  );
}

function NavItem({ row, isFolded, isCurrent }: { row: PageRow; isFolded?: boolean; isCurrent: boolean }) {
  const { t } = useText();
  const Picture = row.icon;
  return (
    <Hint label={isFolded ? t(`page.${row.key}`) : undefined} side="right">
      <div>
        <To
          to={row.path}
          className={classes.link}
          underline="never"
          aria-current={isCurrent ? "page" : undefined}
        >
          {Picture && <Picture size={18} stroke={1.7} aria-hidden />}
          <span>{t(`page.${row.key}`)}</span>
        </To>
      </div>
    </Hint>
  );
}
