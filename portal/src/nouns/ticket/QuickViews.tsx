/* QuickViews: the list's own questions as links, each with how many cases answer it. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { useNumbers } from "@/ui/time";
import { To } from "@/ui/To";
import classes from "./TicketsPage.module.css";
import type { View } from "./views";

export function QuickViews({ views, current, q }: { views: View[]; current: string; q?: string }) {
  const { t } = useText();
  return (
    <nav aria-label={t("ticket.views")}>
      <ul className={classes.views}>
        {views.map((view) => (
          <li key={view.key}>
            <To
              to="/tickets"
              search={{ view: view.key, q }}
              className={classes.view}
              underline="never"
              aria-current={view.key === current ? "page" : undefined}
            >
              {t(`ticket.view.${view.key}`)}
              {view.key !== "all" && <Count of={view} />}
            </To>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ of }: { of: View }) {
  const number = useNumbers();
  const page = useRead("GET /tickets", { query: { ...of.query, limit: 1, total: true } as never });
  const total = page.data?.total ?? null;
  return <span className={classes.count}>{total === null ? "·" : number(total)}</span>;
}
