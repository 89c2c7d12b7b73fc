/* Deliveries: the log of what was sent to one endpoint. */
import { lazy, Suspense, useMemo, useState } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useText } from "@/text";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { DELIVERY_TONES } from "./tones";

const DeliveryDrawer = lazy(() => import("./DeliveryDrawer"));

type Delivery = Item<"GET /webhooks/{id}/deliveries">;

const FILTERS: Filter<FilterOf<"GET /webhooks/{id}/deliveries">>[] = [
  { field: "state", kind: "words", words: ["waiting", "delivered", "failed"], domain: "delivery_state" },
  { field: "at", kind: "period" },
];

export default function Deliveries({ id }: { id: string }) {
  const { t, language } = useText();
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      { id: "event", cell: (row) => <TwoLines first={row.event} second={row.error ?? ""} /> },
      {
        id: "state",
        cell: (row) => (
          <StatusBadge field="delivery_state" word={row.state} tone={DELIVERY_TONES[row.state]} />
        ),
      },
      { id: "status", cell: (row) => row.status, align: "right" },
      { id: "attempts", cell: (row) => row.attempts, align: "right" },
      { id: "at", cell: (row) => <RelativeTime at={row.at} /> },
      { id: "next_attempt_at", cell: (row) => <RelativeTime at={row.next_attempt_at} />, isExtra: true },
    ],
    [language],
  );
  return (
    <>
      <DataTable
        name="webhook_deliveries"
        noun="webhook"
        route="GET /webhooks/{id}/deliveries"
        path={{ id }}
        columns={columns}
        filters={FILTERS}
        sort="-at"
        onOpen={(row) => setOpen(row.id)}
        empty={{ title: t("webhook.no_deliveries"), hint: t("webhook.no_deliveries_hint") }}
      />
      {open && (
        <Suspense>
          <DeliveryDrawer id={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
