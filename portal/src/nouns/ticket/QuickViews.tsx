/* QuickViews: the list's own questions as links, each with how many cases answer it: one request for all. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { useCounts } from "@/ui/time";
import { To } from "@/ui/To";
import classes from "./TicketsPage.module.css";
import { ALL, type View } from "./views";

export function QuickViews({ views, current }: { views: View[]; current: View | undefined }) {
  const { t } = useText();
  const home = useRead("GET /tickets/home");
  const totals = new Map((home.data?.sections ?? []).map((section) => [section.key, section.total]));
  return (
    <nav aria-label={t("ticket.views")}>
      <ul className={classes.views}>
        {[...views, ALL].map((view) => (
          <li key={view.key}>
            <To
              to="/tickets"
              search={{ query: view.query || "*", sort: view.sort }}
              className={classes.view}
              underline="never"
              aria-current={view.key === current?.key ? "page" : undefined}
            >
              {t(`ticket.view.${view.key}`)}
              {totals.has(view.key) && <Count of={totals.get(view.key)!} />}
            </To>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ of }: { of: number }) {
  const count = useCounts();
  return <span className={classes.count}>{count(of)}</span>;
}
