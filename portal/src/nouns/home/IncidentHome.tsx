/* IncidentHome: new incidents and urgent detections, of all customers one sees, where an engineer's day begins. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Score } from "@/ui/Score";
import { To } from "@/ui/To";
import classes from "./HomePage.module.css";

const SHOWN = 5;

export default function IncidentHome() {
  const { t, language } = useText();
  const incidents = useRead("GET /incidents", { query: { status: "open", limit: SHOWN, sort: "-score" } as never });
  const urgent = useRead("GET /detections", {
    query: { status: "new", "score.gte": 70, limit: SHOWN, sort: "-last_at" } as never,
  });
  return (
    <div className={classes.columns}>
      <Section title={t("incident_home.incidents")} actions={<To to="/incidents">{t("incident_home.all")}</To>}>
        <Loaded of={incidents}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState title={t("incident_home.no_incidents")} />
            ) : (
              <ul>
                {data.items.map((one) => (
                  <li key={one.id}>
                    <Score of={one.score} isShort />{" "}
                    <To to={`/incidents/${one.id}`} underline="always">
                      {one.reference} {one.title}
                    </To>{" "}
                    <small>
                      {one.tenant_name} <RelativeTime at={one.last_at} />
                    </small>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
      <Section
        title={t("incident_home.urgent")}
        actions={<To to="/detections?view=threats">{t("incident_home.all")}</To>}
      >
        <Loaded of={urgent}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState title={t("incident_home.no_urgent")} />
            ) : (
              <ul>
                {data.items.map((one) => (
                  <li key={one.id}>
                    <Score of={one.score} isShort />{" "}
                    <To to={`/detections/${one.id}`} underline="always">
                      {language === "ja" && one.title_ja ? one.title_ja : one.title}
                    </To>{" "}
                    <small>
                      {[one.tenant_name, one.computer_name].filter(Boolean).join(" · ")}{" "}
                      <RelativeTime at={one.last_at} />
                    </small>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </div>
  );
}
