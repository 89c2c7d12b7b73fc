/* TableGrid: the rows. On a narrow screen each row becomes a card whose values carry their column's name.
 * Keys on a row: arrows or j and k move, Enter opens, x selects. */
import { Checkbox, UnstyledButton } from "@mantine/core";
import type { ReactTable } from "@tanstack/react-table";
import { useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { useText } from "@/text";
import { IconArrowDown, IconArrowUp, IconSelector } from "../icons";
import { useGo } from "../nav";
import { To } from "../To";
import type { features, IdRow } from "./DataTable";
import classes from "./DataTable.module.css";
import type { Column } from "./model";

interface GridProps<T> {
  table: ReactTable<typeof features, T & IdRow>;
  columns: Column<T>[];
  noun?: string;
  sorts: string[];
  sort: string;
  onSort: (sort: string) => void;
  open?: (row: T) => string;
  onOpen?: (row: T) => void;
  /** Keys of the page itself: what each does with a row. */
  keys?: Record<string, (row: T) => void>;
  isSelectable: boolean;
}

const INTERACTIVE = "a, button, input, label, [role=menuitem]";

export function TableGrid<T>({
  table,
  columns,
  noun,
  sorts,
  sort,
  onSort,
  open,
  onOpen,
  keys,
  isSelectable,
}: GridProps<T>) {
  const { t, field } = useText();
  const go = useGo();
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const shown = table.getVisibleLeafColumns().map((column) => byId.get(column.id)!);
  const rows = table.getRowModel().rows;
  const label = (column: Column<T>) => column.label ?? field(column.id, noun);
  const openRow = (row: T) => (open ? void go(open(row)) : onOpen?.(row));

  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    body.current?.querySelectorAll<HTMLElement>("tr")[index]?.focus();
  };

  const onKey = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[index]!;
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(index + 1),
      j: () => move(index + 1),
      ArrowUp: () => move(index - 1),
      k: () => move(index - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => openRow(row.original),
      o: () => openRow(row.original),
      x: () => isSelectable && row.toggleSelected(),
    };
    const own = keys?.[event.key];
    const act = acts[event.key] ?? (own && (() => own(row.original)));
    if (act) {
      event.preventDefault();
      act();
    }
  };

  const onClick = (event: MouseEvent, row: T) => {
    const isOwn = !(event.target as HTMLElement).closest(INTERACTIVE);
    if (isOwn && !window.getSelection()?.toString()) openRow(row);
  };

  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-opens={Boolean(open || onOpen) || undefined}>
        <thead>
          <tr>
            {isSelectable && (
              <th className={classes.pick} scope="col">
                <Checkbox
                  size="xs"
                  aria-label={t("table.select_all")}
                  checked={table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {shown.map((column) => (
              <HeadCell
                key={column.id}
                column={column}
                label={label(column)}
                sort={sort}
                onSort={sorts.includes(column.id) ? onSort : undefined}
              />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr
              key={row.id}
              tabIndex={index === Math.min(active, rows.length - 1) ? 0 : -1}
              aria-selected={isSelectable ? row.getIsSelected() : undefined}
              onKeyDown={(event) => onKey(event, index)}
              onFocus={() => setActive(index)}
              onClick={(event) => onClick(event, row.original)}
            >
              {isSelectable && (
                <td className={classes.pick}>
                  <Checkbox
                    size="xs"
                    aria-label={t("table.select_row")}
                    checked={row.getIsSelected()}
                    onChange={row.getToggleSelectedHandler()}
                  />
                </td>
              )}
              {shown.map((column, position) => (
                <td
                  key={column.id}
                  data-label={label(column)}
                  data-first={position === 0 || undefined}
                  data-align={column.align}
                >
                  {position === 0 && open ? (
                    <To to={open(row.original)} className={classes.first}>
                      {column.cell(row.original)}
                    </To>
                  ) : position === 0 && onOpen ? (
                    <UnstyledButton className={classes.first} onClick={() => onOpen(row.original)}>
                      {column.cell(row.original)}
                    </UnstyledButton>
                  ) : (
                    column.cell(row.original)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell<T>({
  column,
  label,
  sort,
  onSort,
}: {
  column: Column<T>;
  label: string;
  sort: string;
  onSort?: (sort: string) => void;
}) {
  const isUp = sort === column.id;
  const isDown = sort === `-${column.id}`;
  const Mark = isUp ? IconArrowUp : isDown ? IconArrowDown : IconSelector;
  return (
    <th
      scope="col"
      style={{ width: column.width }}
      data-align={column.align}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
    >
      {onSort ? (
        <UnstyledButton
          className={classes.sort}
          data-active={isUp || isDown || undefined}
          onClick={() => onSort(isUp ? `-${column.id}` : column.id)}
        >
          {label}
          <Mark size={13} aria-hidden />
        </UnstyledButton>
      ) : (
        label
      )}
    </th>
  );
}
