/* EventDrawer: one event with all it says, field by field or as it arrived. A value leads to the events that share
 * it. */
import { Code, Drawer, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import classes from "./EventDrawer.module.css";
import { Facts, type Fact } from "./Facts";
import { To } from "./To";

interface EventProps {
  title: ReactNode;
  facts: Fact[];
  /** As it arrived. */
  event: string;
  onClose: () => void;
}

type Part = [path: string, name: string, text: string];

/** Every value with the way to it and its own name; what is no JSON has no parts. */
function parts(text: string): Part[] {
  const out: Part[] = [];
  const walk = (value: unknown, path: string, name: string) => {
    if (value !== null && typeof value === "object") {
      const isList = Array.isArray(value);
      for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key, isList ? name : key);
    } else {
      out.push([path, name, value === null ? "null" : String(value)]);
    }
  };
  try {
    walk(JSON.parse(text), "", "");
  } catch {
    return [];
  }
  return out;
}

export default function EventDrawer({ title, facts, event, onClose }: EventProps) {
  const { t } = useText();
  const [view, setView] = useState("fields");
  const rows = useMemo(() => parts(event), [event]);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Facts of={facts} />
        {rows.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={t("trace.view")}
            value={view}
            onChange={setView}
            data={["fields", "raw"].map((word) => ({ value: word, label: t(`trace.${word}`) }))}
          />
        )}
        {rows.length > 0 && view === "fields" ? (
          <Fields of={rows} />
        ) : (
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {event}
          </Code>
        )}
      </Stack>
    </Drawer>
  );
}

function Fields({ of }: { of: Part[] }) {
  const { t } = useText();
  const { may } = useSession();
  const maySearch = may("hunts:use");
  const question = (name: string, text: string) => ({
    language: "conditions",
    conditions: JSON.stringify([{ field: name, operator: "is", values: [text] }]),
  });
  return (
    <>
      {maySearch && (
        <Text size="sm" c="dimmed">
          {t("trace.find")}
        </Text>
      )}
      <table className={classes.event}>
        <tbody>
          {of.map(([path, name, text]) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td>
                {maySearch && text.length > 1 && text.length <= 500 ? (
                  <To to="/events" search={question(name, text)}>
                    {text}
                  </To>
                ) : (
                  text
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
