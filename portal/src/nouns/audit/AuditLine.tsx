/* AuditLine: one line of the log in full: who, what, from where, and each field before and after. */
import { Drawer, Stack, Text, Title } from "@mantine/core";
import { useText } from "@/text";
import { Facts } from "@/ui/Facts";
import { ExactTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { To } from "@/ui/To";
import type { Line } from "./AuditPage";
import classes from "./AuditLine.module.css";

const PAGES: Record<string, string> = {
  person: "/people/",
  tenant: "/tenants/",
  permission_set: "/permission-sets/",
  identity_provider: "/identity-providers/",
  mail: "/mails/",
  ticket: "/tickets/",
  webhook: "/webhooks/",
  incident: "/incidents/",
  detection: "/detections/",
  rule: "/rules/",
  exclusion: "/exclusions/",
  hunt: "/hunts/",
  computer: "/computers/",
  executable: "/executables/",
};

export default function AuditLine({ line, onClose }: { line: Line; onClose: () => void }) {
  const { t } = useText();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title={t("audit.line")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <LineBody line={line} />
    </Drawer>
  );
}

function LineBody({ line }: { line: Line }) {
  const { t, field, value } = useText();
  const page = PAGES[line.object_type ?? ""];
  return (
    <Stack gap="lg">
      <Facts
        of={[
          [field("at"), <ExactTime key="at" at={line.at} />],
          [field("action"), value("action", line.action)],
          [field("result"), <StatusBadge key="result" field="result" word={line.result} />],
          [field("actor_name"), line.actor_name || t("audit.system")],
          [field("on_behalf_of"), line.on_behalf_of],
          [
            field("address"),
            <span key="address" className="y-mono">
              {line.address}
            </span>,
          ],
          [field("object_type"), value("object_type", line.object_type)],
          [
            field("object_name"),
            page && line.object_id ? (
              <To key="object" to={page + line.object_id}>
                {line.object_name || line.object_id}
              </To>
            ) : (
              line.object_name
            ),
          ],
        ]}
      />
      <Stack gap="xs">
        <Title order={2} fz="sm">
          {t("audit.change")}
        </Title>
        <Changes of={line.change} />
      </Stack>
      <Stack gap={2}>
        <Text size="xs" c="dimmed">
          {t("audit.hash", { id: line.seq })}
        </Text>
        <Text className="y-mono" style={{ overflowWrap: "anywhere" }}>
          {line.hash}
        </Text>
      </Stack>
    </Stack>
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined || value === ""
    ? "–"
    : Array.isArray(value)
      ? value.map(shown).join(", ")
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);

function Changes({ of }: { of: unknown }) {
  const { t, field } = useText();
  const rows = typeof of === "object" && of !== null ? Object.entries(of as Record<string, unknown>) : [];
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("audit.no_change")}
      </Text>
    );
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">{t("audit.field")}</th>
          <th scope="col">{t("audit.before")}</th>
          <th scope="col">{t("audit.after")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, change]) => {
          const [before, after] = Array.isArray(change) && change.length === 2 ? change : [undefined, change];
          return (
            <tr key={name}>
              <th scope="row">{field(name)}</th>
              <td data-kind="removed">{shown(before)}</td>
              <td data-kind="added">{shown(after)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
