/* IncidentGraph: computers, accounts, processes, files and addresses, and how they hang together. Nodes can be moved
 * and stay where they were put; a right click opens what can be done. The same as a list stands below, for the keyboard
 * and for screen readers. */
import { ActionIcon, Button, useComputedColorScheme } from "@mantine/core";
import cytoscape, { type Core, type ElementDefinition, type NodeSingular } from "cytoscape";
import { useEffect, useRef, useState } from "react";
import type { Out } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { IconDots } from "@/ui/icons";
import { notifyProblem } from "@/ui/notify";
import { Loaded, Section } from "@/ui/Page";
import { Score } from "@/ui/Score";
import { To } from "@/ui/To";
import { GraphMenu, pathOf, type GraphNode, type Opened } from "./GraphMenu";
import classes from "./Incident.module.css";
import type { Incident } from "./IncidentPage";

type GraphData = Out<"GET /incidents/{id}/graph">;
type Layout = Record<string, [number, number]>;
interface GraphProps {
  incident: Incident;
  chosen: string[];
  onChoose: (detections: string[]) => void;
}

const SHAPES: Record<string, cytoscape.Css.NodeShape> = {
  computer: "round-rectangle",
  user: "ellipse",
  process: "round-hexagon",
  executable: "round-diamond",
  address: "round-octagon",
  domain: "round-octagon",
};
/* The same bands as everywhere; a shape says the kind, so nobody needs the colour. */
const colourOf = (score: number) =>
  score >= 70 ? "#c92a2a" : score >= 40 ? "#e8590c" : score > 0 ? "#1c7ed6" : "#868e96";

export default function IncidentGraph({ incident, chosen, onChoose }: GraphProps) {
  const { t } = useText();
  const graph = useRead("GET /incidents/{id}/graph", { path: { id: incident.id } });
  return (
    <Section title={t("incident.tab.graph")}>
      <Loaded of={graph}>
        {(data) =>
          (data.nodes ?? []).length === 0 ? (
            <EmptyState title={t("incident.no_graph")} hint={t("incident.no_graph_hint")} />
          ) : (
            <Drawing data={data} incident={incident} chosen={chosen} onChoose={onChoose} />
          )
        }
      </Loaded>
    </Section>
  );
}

function elementsOf(data: GraphData): ElementDefinition[] {
  return [
    ...(data.nodes ?? []).map((node) => ({
      group: "nodes" as const,
      data: { id: node.id, label: node.label, kind: node.kind, colour: colourOf(node.score ?? 0) },
    })),
    ...(data.edges ?? []).map((edge, at) => ({
      group: "edges" as const,
      data: { id: `e${at}`, source: edge.source, target: edge.target, label: edge.kind },
    })),
  ];
}

function styleOf(isDark: boolean, words: (kind: string) => string): cytoscape.StylesheetJson {
  const ink = isDark ? "#e9ecef" : "#212529";
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: ink,
        "font-size": 11,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-max-width": "140px",
        "text-wrap": "ellipsis",
        "background-color": "data(colour)",
        shape: (node: NodeSingular) => SHAPES[node.data("kind") as string] ?? "ellipse",
        width: 34,
        height: 30,
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "line-color": isDark ? "#868e96" : "#adb5bd",
        "target-arrow-color": isDark ? "#868e96" : "#adb5bd",
        "target-arrow-shape": "triangle",
        "curve-style": "bezier",
        label: (edge: cytoscape.EdgeSingular) => words(edge.data("label") as string),
        "font-size": 9,
        color: isDark ? "#adb5bd" : "#495057",
        "text-rotation": "autorotate",
      },
    },
    { selector: ".chosen", style: { "border-width": 4, "border-color": isDark ? "#ffd43b" : "#5f3dc4" } },
    { selector: ".faded", style: { opacity: 0.25 } },
  ];
}

function Drawing({ data, incident, chosen, onChoose }: GraphProps & { data: GraphData }) {
  const { t, language } = useText();
  const isDark = useComputedColorScheme() === "dark";
  const place = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const [opened, open] = useState<Opened | null>(null);
  const arrange = useVerb("PUT /incidents/{id}/layout");
  const mayArrange = incident.can?.includes("arrange") ?? false;
  const nodes = data.nodes ?? [];
  const kept = (data.layout ?? {}) as Layout;
  const idsOf = (id: string) => nodes.find((node) => node.id === id)?.detection_ids ?? [];
  const save = (layout: Layout | null) =>
    arrange.mutate(
      { path: { id: incident.id }, body: { layout } as never },
      { onError: (error) => notifyProblem(error, t("state.failed")) },
    );

  useEffect(() => {
    if (!place.current) return;
    const drawn = cytoscape({
      container: place.current,
      elements: elementsOf(data),
      style: styleOf(isDark, (kind) => t(`incident.edge.${kind}`)),
      layout: { name: "cose", animate: false, randomize: false, padding: 24 },
      minZoom: 0.2,
      maxZoom: 3,
      autoungrabify: !mayArrange,
    });
    for (const [id, [x, y]] of Object.entries(kept)) drawn.getElementById(id).position({ x, y });
    if (Object.keys(kept).length > 0) drawn.fit(undefined, 24);
    drawn.on("tap", "node", (event) => onChoose(idsOf(event.target.id())));
    drawn.on("tap", (event) => {
      open(null);
      if (event.target === drawn) onChoose([]);
    });
    drawn.on("cxttap", "node", (event) => {
      const node = nodes.find((one) => one.id === event.target.id());
      const mouse = event.originalEvent as MouseEvent;
      if (node) open({ node, x: mouse.clientX, y: mouse.clientY });
    });
    drawn.on("dragfree", "node", () =>
      save(
        Object.fromEntries(
          drawn.nodes().map((node) => [node.id(), [Math.round(node.position("x")), Math.round(node.position("y"))]]),
        ) as Layout,
      ),
    );
    core.current = drawn;
    return () => drawn.destroy();
    // Drawn anew when what is drawn changes, not when somebody moves or chooses.
  }, [JSON.stringify(data.nodes?.map((node) => node.id)), data.edges?.length, isDark, language]);

  useEffect(() => {
    const drawn = core.current;
    if (!drawn) return;
    drawn.elements().removeClass("chosen faded");
    if (chosen.length === 0) return;
    const isIn = (ids: string[] | undefined) => (ids ?? []).some((id) => chosen.includes(id));
    drawn.elements().addClass("faded");
    for (const node of nodes)
      if (isIn(node.detection_ids)) drawn.getElementById(node.id).removeClass("faded").addClass("chosen");
    (data.edges ?? []).forEach((edge, at) => {
      if (isIn(edge.detection_ids)) drawn.getElementById(`e${at}`).removeClass("faded");
    });
  }, [chosen, data, isDark]);

  const reset = () => {
    core.current?.layout({ name: "cose", animate: false, randomize: true, padding: 24 }).run();
    save(null);
  };
  return (
    <>
      <div className={classes.bar}>
        <Button size="xs" variant="default" onClick={() => core.current?.fit(undefined, 24)}>
          {t("incident.graph.fit")}
        </Button>
        {mayArrange && (
          <Button size="xs" variant="default" onClick={reset}>
            {t("incident.graph.reset")}
          </Button>
        )}
        {(data.shown ?? 0) < (data.detections ?? 0) && (
          <small>{t("incident.graph.part", { shown: data.shown, all: data.detections })}</small>
        )}
      </div>
      <div
        ref={place}
        className={classes.graph}
        role="img"
        aria-label={t("incident.graph.label", { count: nodes.length })}
        onContextMenu={(event) => event.preventDefault()}
      />
      {opened && (
        <GraphMenu key={opened.node.id} opened={opened} onChoose={onChoose} onClose={() => open(null)} />
      )}
      <NodeList nodes={nodes} chosen={chosen} onChoose={onChoose} onMenu={open} />
    </>
  );
}

/* Everything the drawing says, in reach of the keyboard. */
function NodeList({
  nodes,
  chosen,
  onChoose,
  onMenu,
}: {
  nodes: GraphNode[];
  chosen: string[];
  onChoose: (detections: string[]) => void;
  onMenu: (opened: Opened) => void;
}) {
  const { t, value } = useText();
  return (
    <details>
      <summary>{t("incident.graph.as_list")}</summary>
      <ul className={classes.nodes}>
        {nodes.map((node) => {
          const isChosen = (node.detection_ids ?? []).some((id) => chosen.includes(id));
          const path = pathOf(node);
          return (
            <li key={node.id} data-chosen={isChosen || undefined}>
              {value("incident_object", node.kind)}{" "}
              <button
                type="button"
                className={classes.pick}
                aria-pressed={isChosen}
                onClick={() => onChoose(isChosen ? [] : (node.detection_ids ?? []))}
              >
                {node.label}
              </button>{" "}
              <Score of={node.score} isShort />{" "}
              {path && (
                <To to={path} underline="always">
                  {t("incident.graph.open")}
                </To>
              )}{" "}
              <ActionIcon
                size="sm"
                variant="subtle"
                aria-haspopup="menu"
                aria-label={t("incident.graph.actions", { name: node.label })}
                onClick={(event) => {
                  const { left, bottom } = event.currentTarget.getBoundingClientRect();
                  onMenu({ node, x: left, y: bottom });
                }}
              >
                <IconDots size={14} aria-hidden />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
