/* ObjectHistory: the last lines of the audit log about one object, where the reader may see them. */
import { Text } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Loaded, Section } from "./Page";
import { ExactTime } from "./RelativeTime";
import classes from "./ObjectHistory.module.css";
import { To } from "./To";

const SHOWN = 8;

export function ObjectHistory({ type, id }: { type: string; id: string }) {
  const { t, value } = useText();
  const { may } = useSession();
  const lines = useRead("GET /audit", {
    query: { object_type: type, object_id: id, limit: SHOWN, sort: "-at" } as never,
    enabled: may("audit:read"),
  });
  if (!may("audit:read")) return null;
  return (
    <Section
      title={t("history.title")}
      flush
      actions={
        <To to="/audit" search={{ object_type: type, object_id: id }} size="sm">
          {t("history.all")}
        </To>
      }
    >
      <Loaded of={lines}>
        {(data) => (
          <ul className={classes.lines}>
            {data.items.length === 0 && (
              <li>
                <Text c="dimmed">{t("history.none")}</Text>
              </li>
            )}
            {data.items.map((line) => (
              <li key={line.id}>
                <ExactTime at={line.at} />
                <span>{value("action", line.action)}</span>
                <Text span c="dimmed" size="sm">
                  {line.actor_name}
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
