/* DataTable: every list of the portal. A page declares columns, filters and actions; search, order, column choice,
 * saved views, selection, paging, CSV, keyboard and the four states are here. */
import { ActionIcon, Button, Group, Text } from "@mantine/core";
import {
  columnVisibilityFeature,
  rowSelectionFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowSelectionState,
} from "@tanstack/react-table";
import { useMemo, useState, type ReactNode } from "react";
import {
  download,
  type Ask,
  type FilterOf,
  type Item,
  type Listing,
  type Route,
  type SortOf,
} from "@/api/client";
import { sorts } from "@/api/generated/sorts";
import { useListing } from "@/api/queries";
import { useText } from "@/text";
import { ErrorState } from "../ErrorState";
import { EmptyState } from "../EmptyState";
import { MenuButton } from "../Flyout";
import { Hint } from "../Hint";
import { IconColumns, IconDownload } from "../icons";
import { LoadingState } from "../LoadingState";
import { useWords } from "../nav";
import { notifyProblem } from "../notify";
import { RefreshButton } from "../RefreshButton";
import { useClock, useNumbers } from "../time";
import { saveFile } from "../files";
import classes from "./DataTable.module.css";
import { FilterBar } from "./FilterBar";
import { BulkBar } from "./BulkBar";
import { questionOf, viewState, type BulkAction, type Column, type Filter } from "./model";
import { SavedViews } from "./SavedViews";
import { TableGrid } from "./TableGrid";

export const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

type Read = Extract<Route, `GET ${string}`>;

export interface DataTableProps<R extends Listing & Read> {
  /** Names the list in saved views and in the file of an export. */
  name: string;
  route: R;
  path?: Ask<R>["path"];
  /** Filters of the page itself, which nobody may take away. */
  fixed?: Record<string, unknown>;
  columns: Column<Item<R>>[];
  filters?: Filter<FilterOf<R>>[];
  searchHint?: string;
  sort?: SortOf<R>;
  noun?: string;
  open?: (row: Item<R>) => string;
  /** Instead of a page: something beside the list. */
  onOpen?: (row: Item<R>) => void;
  bulk?: BulkAction<Item<R>>[];
  empty: { title: string; hint?: string; action?: ReactNode };
  isPlain?: boolean;
  /** Instead of the search box and the filters: what the page asks in its own way, */
  bar?: ReactNode;
  /** the words of the address that hold it, which saved views keep, */
  keeps?: string[];
  /** whether it narrows the list, and how that is undone. */
  isNarrowed?: boolean;
  onWiden?: () => void;
  /** Keys on a row besides those of every list. */
  keys?: Record<string, (row: Item<R>) => void>;
}

export type IdRow = { id: string | number };

export function DataTable<R extends Listing & Read>(props: DataTableProps<R>) {
  const { t } = useText();
  const clock = useClock();
  const number = useNumbers();
  const [words, change] = useWords();
  const [selection, setSelection] = useState<RowSelectionState>({});
  const filters: Filter[] = props.filters ?? [];
  const question = { ...questionOf(words, filters, clock.timeZone), ...props.fixed };
  const query = { ...question, sort: question.sort ?? props.sort };
  const listing = useListing(props.route, { path: props.path, query: { ...query, limit: 50 } as never });
  const visibility = visibilityOf(props.columns, words.cols);
  const isSelectable = !props.isPlain || Boolean(props.bulk);
  const columns = useMemo(() => definitions(props.columns), [props.columns]);
  const table = useTable({
    features,
    data: listing.rows as Array<Item<R> & IdRow>,
    columns: columns as ColumnDef<typeof features, Item<R> & IdRow, unknown>[],
    getRowId: (row) => String(row.id),
    state: { columnVisibility: visibility, rowSelection: selection },
    onRowSelectionChange: setSelection,
    enableRowSelection: isSelectable,
  });
  const chosen = listing.rows.filter((row) => selection[String((row as IdRow).id)]);
  const kept = [...filters.map((filter) => filter.field), ...(props.keeps ?? [])];
  const isNarrowed =
    props.isNarrowed ?? (filters.some((filter) => words[filter.field]) || Boolean(words.q));
  const widen = props.onWiden ?? (() => change(noWords(kept)));

  const saveCsv = (csv: Promise<Blob>) =>
    csv.then(
      (blob) => saveFile(blob, `${props.name}.csv`),
      (error: unknown) => notifyProblem(error, t("state.failed")),
    );
  const exportCsv = () => saveCsv(download(props.route, { path: props.path, query }));
  const exportChosen: BulkAction<Item<R>> = {
    key: "export",
    label: t("table.export_chosen"),
    run: (rows) => {
      // What was chosen is meant, though it may have left the filters since.
      const id = rows.map((row) => (row as IdRow).id);
      void saveCsv(download(props.route, { path: props.path, query: { ...props.fixed, sort: query.sort, id } }));
    },
  };

  return (
    <section className={classes.box} aria-label={t(`page.${props.name}`)}>
      {!props.isPlain && (
        <div className={classes.bar}>
          {props.bar ?? (
            <FilterBar filters={filters} words={words} change={change} searchHint={props.searchHint} />
          )}
          <Group gap={6}>
            <SavedViews
              page={props.name}
              state={viewState(words, kept)}
              onChoose={(state) => change({ ...noWords(kept), ...state })}
            />
            <ColumnChoice
              columns={props.columns}
              noun={props.noun}
              visibility={visibility}
              onChange={(cols) => change({ cols })}
            />
            <Hint label={t("table.export")}>
              <ActionIcon
                variant="default"
                size={30}
                aria-label={t("table.export")}
                onClick={() => void exportCsv()}
              >
                <IconDownload size={15} aria-hidden />
              </ActionIcon>
            </Hint>
            <RefreshButton isBusy={listing.isFetching} onRefresh={listing.refetch} />
          </Group>
        </div>
      )}
      {chosen.length > 0 && (
        <BulkBar
          actions={[...(props.bulk ?? []), exportChosen]}
          rows={chosen}
          onClear={() => setSelection({})}
        />
      )}
      {listing.isLoading ? (
        <LoadingState rows={8} />
      ) : listing.problem && listing.rows.length === 0 ? (
        <ErrorState error={listing.problem} onRetry={listing.refetch} />
      ) : listing.rows.length === 0 ? (
        isNarrowed ? (
          <EmptyState
            title={t("table.nothing_matches")}
            hint={t("table.nothing_matches_hint")}
            action={
              <Button size="xs" variant="default" onClick={widen}>
                {t("table.clear_filters")}
              </Button>
            }
          />
        ) : (
          <EmptyState {...props.empty} />
        )
      ) : (
        <TableGrid
          table={table}
          columns={props.columns}
          noun={props.noun}
          sorts={sorts[props.route] ?? []}
          sort={words.sort ?? props.sort ?? ""}
          onSort={(sort) => change({ sort })}
          open={props.open}
          onOpen={props.onOpen}
          keys={props.keys}
          isSelectable={isSelectable}
        />
      )}
      {listing.rows.length > 0 && (
        <footer className={classes.foot}>
          <Text size="xs" c="dimmed" className="y-num" aria-live="polite">
            {listing.total === null
              ? t("table.shown", { shown: number(listing.rows.length) })
              : t("table.shown_of", { shown: number(listing.rows.length), total: number(listing.total) })}
          </Text>
          {listing.hasMore && (
            <Button size="xs" variant="default" loading={listing.isFetching} onClick={listing.readMore}>
              {t("table.more")}
            </Button>
          )}
        </footer>
      )}
    </section>
  );
}

const noWords = (kept: string[]) =>
  Object.fromEntries([...["q", "sort", "cols"], ...kept].map((name) => [name, undefined]));

function visibilityOf<T>(columns: Column<T>[], cols: string | undefined): Record<string, boolean> {
  const wanted = cols?.split(",");
  return Object.fromEntries(
    columns.map((column) => [column.id, wanted ? wanted.includes(column.id) : !column.isExtra]),
  );
}

const definitions = <T,>(columns: Column<T>[]) =>
  columns.map((column) => ({
    id: column.id,
    accessorFn: (row: T) => (row as Record<string, unknown>)[column.id],
  }));

function ColumnChoice<T>({
  columns,
  noun,
  visibility,
  onChange,
}: {
  columns: Column<T>[];
  noun?: string;
  visibility: Record<string, boolean>;
  onChange: (cols: string) => void;
}) {
  const { t, field } = useText();
  const shown = columns.filter((column) => visibility[column.id]).map((column) => column.id);
  const toggle = (id: string) => {
    const next = columns
      .map((column) => column.id)
      .filter((one) => (one === id ? !visibility[id] : visibility[one]));
    if (next.length > 0) onChange(next.join(","));
  };
  return (
    <MenuButton
      button={
        <Button size="xs" variant="default" leftSection={<IconColumns size={14} aria-hidden />}>
          {t("table.columns")}
        </Button>
      }
      items={columns.map((column) => ({
        key: column.id,
        label: column.label ?? field(column.id, noun),
        isChecked: Boolean(visibility[column.id]),
        isDisabled: shown.length === 1 && visibility[column.id],
        run: () => toggle(column.id),
      }))}
    />
  );
}
