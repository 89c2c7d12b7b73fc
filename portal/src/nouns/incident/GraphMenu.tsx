/* GraphMenu: what can be done with one thing of the graph: a right click on the drawing opens it, and a button beside
 * the same thing in the list below. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Out } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useGo } from "@/ui/nav";
import classes from "./Incident.module.css";

export type GraphNode = NonNullable<Out<"GET /incidents/{id}/graph">["nodes"]>[number];

export interface Opened {
  node: GraphNode;
  x: number;
  y: number;
}

export const pathOf = (node: GraphNode): string | null =>
  node.object_id && node.kind === "computer"
    ? `/computers/${node.object_id}`
    : node.object_id && node.kind === "executable"
      ? `/executables/${node.object_id}`
      : null;

/* A node is named kind:value; a process has no name of its own among events but its file's. */
const valueOf = (node: GraphNode) => node.id.slice(node.kind.length + 1);

/** The search for where else a thing was seen. */
export function huntFor(node: GraphNode): Record<string, string> {
  const asked = (field: string, operator: string, value: string) => ({ field, operator, values: [value] });
  const conditions: Record<string, unknown> = {
    computer: { field: "Image", operator: "present", values: [] },
    user: asked("User", "is", node.label),
    process: asked("Image", "ends", `\\${node.label}`),
    executable: asked("Hashes", "contains", valueOf(node)),
    address: asked("DestinationIp", "is", node.label),
    domain: asked("", "contains", node.label),
  };
  return {
    language: "conditions",
    period: "7d",
    conditions: JSON.stringify([conditions[node.kind] ?? asked("", "contains", node.label)]),
    ...(node.kind === "computer" && { host: node.label }),
  };
}

/* An exclusion says what a rule should leave alone; it begins from a detection, whose process or file that was. */
const isExcludable = (node: GraphNode) => node.kind === "process" || node.kind === "executable";

interface GraphMenuProps {
  opened: Opened;
  onChoose: (detections: string[]) => void;
  onClose: () => void;
}

export function GraphMenu({ opened: { node, x, y }, onChoose, onClose }: GraphMenuProps) {
  const { t } = useText();
  const { may } = useSession();
  const go = useGo();
  const menu = useRef<HTMLDivElement>(null);
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  const detections = node.detection_ids ?? [];
  const path = pathOf(node);
  const acts: Array<[key: string, act: () => void]> = [
    ["show_detections", () => onChoose(detections)],
    ...(path ? [["open", () => void go(path)] as [string, () => void]] : []),
    ...(detections.length === 1
      ? [["open_detection", () => void go(`/detections/${detections[0]}`)] as [string, () => void]]
      : []),
    ...(may("hunts:use") ? [["hunt", () => void go("/events", huntFor(node))] as [string, () => void]] : []),
    ...(may("rules:write") && isExcludable(node) && detections[0]
      ? [["exclude", () => void go("/exclusions/new", { detection: detections[0] })] as [string, () => void]]
      : []),
    ["copy", () => void navigator.clipboard?.writeText(node.detail ?? node.label)],
  ];

  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (!menu.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [onClose]);

  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" || event.key === "Tab") {
      opener?.focus();
      return onClose();
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  return (
    <div
      ref={menu}
      className={classes.menu}
      role="menu"
      aria-label={node.label}
      style={{ left: Math.min(x, window.innerWidth - 240), top: Math.min(y, window.innerHeight - 220) }}
      onKeyDown={onKey}
    >
      {acts.map(([key, act], nth) => (
        <button
          key={key}
          type="button"
          role="menuitem"
          autoFocus={nth === 0}
          onClick={() => {
            act();
            onClose();
          }}
        >
          {t(`incident.graph.${key}`)}
        </button>
      ))}
    </div>
  );
}
