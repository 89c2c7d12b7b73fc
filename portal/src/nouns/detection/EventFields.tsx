/* EventFields: the event that was found, field by field, or as it arrived. What the condition read stands out. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { Section } from "@/ui/Page";
import { To } from "@/ui/To";
import classes from "./Detections.module.css";

type Detection = Out<"GET /detections/{id}">;

/* Nested objects as paths: winlog.event_data.Image. */
function flat(value: unknown, path: string[] = []): [string, string][] {
  if (value === null || typeof value !== "object") return [[path.join("."), String(value)]];
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return [[path.join("."), value.join(", ")]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]));
}

function read(event: string): [string, string][] {
  try {
    return flat(JSON.parse(event));
  } catch {
    return [];
  }
}

export function EventFields({ detection }: { detection: Detection }) {
  const { t } = useText();
  const [view, setView] = useState("fields");
  const matched = (detection.matched ?? []) as { field: string; value: string }[];
  if (!detection.event) {
    return (
      <Section title={t("detection.event")}>
        {matched.length > 0 ? <Table rows={matched.map((one) => [one.field, one.value])} isRead={() => true} /> : "–"}
      </Section>
    );
  }
  const readValues = new Set(matched.map((one) => one.value));
  return (
    <Section
      title={t("detection.event")}
      lead={t("detection.event_lead")}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t("detection.event")}
          value={view}
          onChange={setView}
          data={[
            { value: "fields", label: t("detection.fields") },
            { value: "raw", label: t("detection.raw") },
          ]}
        />
      }
    >
      {view === "fields" ? (
        <Table rows={read(detection.event)} isRead={(value) => readValues.has(value)} />
      ) : (
        <pre className={classes.raw} tabIndex={0}>
          {detection.event}
        </pre>
      )}
    </Section>
  );
}

function Table({ rows, isRead }: { rows: [string, string][]; isRead: (value: string) => boolean }) {
  return (
    <table className={classes.fields}>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name} data-read={isRead(value) || undefined}>
            <th scope="row">{name}</th>
            <td>
              {value.length > 2 && value.length < 200 ? (
                <To to="/detections" search={{ view: "all", q: value }}>
                  {value}
                </To>
              ) : (
                value
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
