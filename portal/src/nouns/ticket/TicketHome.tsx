/* TicketHome: what waits for the reader, one card per question, each a way into the whole list. One request for all. */
import { useRead } from "@/api/queries";
import type { Out } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { ClockDue } from "@/ui/ClockDue";
import { IconBookmark } from "@/ui/icons";
import type { Words } from "@/ui/nav";
import { Loaded } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { useCounts } from "@/ui/time";
import { To } from "@/ui/To";
import { SeverityMark } from "./SeverityMark";
import classes from "./TicketHome.module.css";

type Section = Out<"GET /tickets/home">["sections"][number];

/* What waits for us as a whole, and what was put aside, are questions of the list; here stands what is the reader's
 * own. */
const hasCard = (section: Section) => section.key !== "ours" && section.key !== "snoozed";

export default function TicketHome() {
  const { t } = useText();
  const home = useRead("GET /tickets/home");
  return (
    <section aria-label={t("ticket.home.title")}>
      <Views />
      <Loaded of={home}>
        {(data) => (
          <div className={classes.cards}>
            {data.sections.filter(hasCard).map((section) => (
              <Card key={section.key} of={section} />
            ))}
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Card({ of }: { of: Section }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const count = useCounts();
  return (
    <article className={classes.card}>
      <h2>
        <To to="/tickets" search={{ query: of.query, sort: of.sort }} underline="never">
          {t(`ticket.view.${of.key}`)}
          <span className={classes.count} data-some={of.total > 0 || undefined}>
            {count(of.total)}
          </span>
        </To>
      </h2>
      {of.items.length === 0 && <p className={classes.none}>{t(`ticket.home.none.${of.key}`)}</p>}
      <ul>
        {of.items.map((row) => (
          <li key={row.id}>
            <To to={`/tickets/${row.id}`} underline="never" className={classes.row}>
              <span className={classes.subject}>{row.subject}</span>
              <span className={classes.facts}>
                <span className="y-num">{row.reference}</span>
                {isProvider && <span className={classes.tenant}>{row.tenant_name}</span>}
                <SeverityMark of={row} />
                {row.due_at ? (
                  <ClockDue due={row.due_at} since={row.due_from} />
                ) : (
                  <RelativeTime at={row.last_post_at} />
                )}
              </span>
            </To>
          </li>
        ))}
      </ul>
    </article>
  );
}

/* Questions that somebody keeps, or a colleague shares, each a way into the list. */
function Views() {
  const { t } = useText();
  const views = useRead("GET /saved-views", { query: { page: "tickets", limit: 20 } });
  const rows = (views.data?.items ?? []).filter((view) => view.page === "tickets");
  if (rows.length === 0) return null;
  return (
    <nav aria-label={t("table.views")} className={classes.views}>
      {rows.map((view) => (
        <To key={view.id} to="/tickets" search={view.state as Words} size="sm" className={classes.view}>
          <IconBookmark size={14} aria-hidden />
          {view.name}
        </To>
      ))}
    </nav>
  );
}
