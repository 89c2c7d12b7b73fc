/* EventDrawer: one event with all it says, as it arrived. */
import { Code, Drawer, Stack } from "@mantine/core";
import { useMemo } from "react";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { ExactTime } from "@/ui/RelativeTime";
import classes from "./Hunt.module.css";
import type { Hit } from "./HuntPage";

/** Every value with the way to it; what is no JSON has no parts. */
function parts(text: string): [string, string][] {
  const out: [string, string][] = [];
  const walk = (value: unknown, path: string) => {
    if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key);
    } else {
      out.push([path, value === null ? "null" : String(value)]);
    }
  };
  try {
    walk(JSON.parse(text), "");
  } catch {
    return [];
  }
  return out;
}

export default function EventDrawer({ hit, onClose }: { hit: Hit; onClose: () => void }) {
  const { t, field, value } = useText();
  const rows = useMemo(() => parts(hit.event), [hit.event]);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      title={hit.rule_title ?? value("event_kind", hit.kind ?? "")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Facts
          of={[
            [field("at"), <ExactTime key="at" at={hit.at} />],
            [field("host", "hunt"), hit.host],
            [field("user_name", "hunt"), hit.user_name],
            [field("process_path", "hunt"), hit.process_path],
          ]}
        />
        {rows.length > 0 ? (
          <table className={classes.event}>
            <tbody>
              {rows.map(([path, text]) => (
                <tr key={path}>
                  <th scope="row">{path}</th>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <Code block style={{ whiteSpace: "pre-wrap" }}>
            {hit.event}
          </Code>
        )}
      </Stack>
    </Drawer>
  );
}
