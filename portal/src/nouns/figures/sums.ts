/* sums: rows of figures, added up. Median and percentile are never added: they come from the server, per row. */
import type { Item } from "@/api/client";

export type Row = Item<"GET /service-figures">;
export type Count = Item<"GET /service-trend">;
export interface Sum {
  met: number;
  missed: number;
  open: number;
}

export const sum = (rows: Sum[]): Sum =>
  rows.reduce<Sum>(
    (all, row) => ({ met: all.met + row.met, missed: all.missed + row.missed, open: all.open + row.open }),
    { met: 0, missed: 0, open: 0 },
  );

/* Of what is decided. */
export const rate = (one: Sum): number | null =>
  one.met + one.missed === 0 ? null : one.met / (one.met + one.missed);

export const percent = (share: number | null, language: string): string =>
  share === null
    ? "–"
    : new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(
        Math.floor(share * 1000) / 1000, // 99.96 % is not 100 %
      );

export const monthsUpTo = (month: string, count: number): string[] => {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, number - 1 - (count - 1 - back), 1)).toISOString().slice(0, 7),
  );
};
