/* ProcessTree: how it came to a process and what came of it, from top to bottom; beside it, what the chosen one did. */
import { ActionIcon, Button, Group, Switch } from "@mantine/core";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Ask } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { EmptyState } from "@/ui/EmptyState";
import { Hint } from "@/ui/Hint";
import { IconChevronDown, IconChevronRight, IconMinus, IconPlus } from "@/ui/icons";
import { Note } from "@/ui/Note";
import { Loaded } from "@/ui/Page";
import { ExactTime } from "@/ui/RelativeTime";
import { ProcessDeeds } from "./ProcessDeeds";
import { familyOf, linesOf, programOf, stepOf, type Action, type Line, type Process } from "./process-tree";
import classes from "./Trace.module.css";

const SIZES = [11, 12, 13, 15, 18];

export default function ProcessTree({ ask }: { ask: NonNullable<Ask<"GET /process-tree">["query"]> }) {
  const { t } = useText();
  const tree = useRead("GET /process-tree", { query: ask });
  return (
    <Loaded of={tree}>
      {(told) =>
        told.nodes?.some((one) => one.is_known || one.actions > 0) ? (
          <>
            {told.cut && <Note tone="info">{t("trace.cut")}</Note>}
            <Told nodes={told.nodes} actions={told.actions ?? []} />
          </>
        ) : (
          <EmptyState title={t("trace.no_tree")} hint={t("trace.no_tree_hint")} />
        )
      }
    </Loaded>
  );
}

function Told({ nodes, actions }: { nodes: Process[]; actions: Action[] }) {
  const { t } = useText();
  const [isWide, widen] = useState(false);
  const [size, resize] = useState(2);
  const [closed, close] = useState<ReadonlySet<string>>(new Set());
  const [chosen, choose] = useState(() => (nodes.find((one) => one.is_subject) ?? nodes[0])?.guid ?? "");
  const narrow = useMemo(() => linesOf(familyOf(nodes, false), new Set()).length, [nodes]);
  const lines = useMemo(() => linesOf(familyOf(nodes, isWide), closed), [nodes, isWide, closed]);
  const others = nodes.length - narrow;
  const process = nodes.find((one) => one.guid === chosen);
  return (
    <>
      <Group gap="xs" mb="sm">
        <Button size="xs" variant="default" onClick={() => close(new Set())}>
          {t("trace.expand_all")}
        </Button>
        <Button size="xs" variant="default" onClick={() => close(new Set(nodes.map((one) => one.guid)))}>
          {t("trace.collapse_all")}
        </Button>
        <Sizes size={size} onChange={resize} />
        {others > 0 && (
          <Switch
            size="xs"
            label={t("trace.others", { count: others })}
            checked={isWide}
            onChange={(event) => widen(event.currentTarget.checked)}
          />
        )}
      </Group>
      <div className={classes.beside}>
        <Lines
          lines={lines}
          size={SIZES[size] ?? 13}
          chosen={chosen}
          onChoose={choose}
          onToggle={(guid) => close((now) => toggled(now, guid))}
        />
        {process && <ProcessDeeds of={process} actions={actions} />}
      </div>
    </>
  );
}

function toggled(set: ReadonlySet<string>, guid: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(guid)) next.add(guid);
  return next;
}

function Sizes({ size, onChange }: { size: number; onChange: (size: number) => void }) {
  const { t } = useText();
  const step = (label: string, by: number, Picture: typeof IconPlus) => (
    <Hint label={label}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={label}
        disabled={SIZES[size + by] === undefined}
        onClick={() => onChange(size + by)}
      >
        <Picture size={14} aria-hidden />
      </ActionIcon>
    </Hint>
  );
  return (
    <Group gap={4}>
      {step(t("trace.smaller"), -1, IconMinus)}
      {step(t("trace.larger"), 1, IconPlus)}
    </Group>
  );
}

interface LinesProps {
  lines: Line[];
  size: number;
  chosen: string;
  onChoose: (guid: string) => void;
  onToggle: (guid: string) => void;
}

function Lines({ lines, size, chosen, onChoose, onToggle }: LinesProps) {
  const { t } = useText();
  const tree = useRef<HTMLUListElement>(null);
  // The chosen line may be inside one that closed; then the first can be reached.
  const here = Math.max(0, lines.findIndex((line) => line.process.guid === chosen));
  const press = (event: KeyboardEvent) => {
    const line = lines[here];
    const { to, toggle } = stepOf(event.key, lines, here);
    if (!line || (to === undefined && !toggle)) return;
    event.preventDefault();
    if (toggle) onToggle(line.process.guid);
    const next = to === undefined ? undefined : lines[to];
    if (!next) return;
    onChoose(next.process.guid);
    (tree.current?.children[to as number] as HTMLElement | undefined)?.focus();
  };
  return (
    <ul
      ref={tree}
      role="tree"
      aria-label={t("trace.tree")}
      className={classes.tree}
      style={{ fontSize: size }}
      onKeyDown={press}
    >
      {lines.map((line, at) => (
        <li
          key={line.process.guid}
          role="treeitem"
          aria-level={line.level}
          aria-posinset={line.nth}
          aria-setsize={line.of}
          aria-expanded={line.children > 0 ? line.isOpen : undefined}
          aria-selected={line.process.guid === chosen}
          aria-current={line.process.is_subject ? "true" : undefined}
          tabIndex={at === here ? 0 : -1}
          className={classes.process}
          style={{ paddingInlineStart: `${(line.level - 1) * 1.4 + 0.3}em` }}
          onClick={() => onChoose(line.process.guid)}
        >
          <span
            className={classes.fold}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              if (line.children > 0) onToggle(line.process.guid);
            }}
          >
            {line.children > 0 && (line.isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />)}
          </span>
          <ProcessLine of={line.process} />
        </li>
      ))}
    </ul>
  );
}

function ProcessLine({ of }: { of: Process }) {
  const { t } = useText();
  return (
    <span className={classes.told}>
      <span className={classes.first}>
        <strong>{programOf(of.image) ?? t("trace.unknown")}</strong>
        {of.is_subject && <span className={classes.mark}>{t("trace.subject")}</span>}
        {of.actions > 0 && <span className={classes.count}>{t("trace.actions", { count: of.actions })}</span>}
      </span>
      {of.command_line && <code className={classes.command}>{of.command_line}</code>}
      <small className={classes.more}>
        {of.is_known ? <ExactTime at={of.started_at} /> : <span>{t("trace.untold")}</span>}
        {of.user && <span>{of.user}</span>}
        {of.signer && <span>{of.signer}</span>}
      </small>
    </span>
  );
}
