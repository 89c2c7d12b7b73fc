/* WhatIsLeft: of a category that the contract includes a number of times: how often it can still be asked for. When
 * nothing
 * is left, the customer may let the case count for the next period, and a duty lead may open it all the same. */
import { useListing } from "@/api/queries";
import { useText } from "@/text";
import { Note } from "@/ui/Note";

export function useLeft(tenantId: string | undefined, categoryId: string) {
  const list = useListing("GET /tenants/{id}/entitlements", {
    path: { id: tenantId || "00000000-0000-7000-8000-000000000000" },
  });
  return tenantId ? list.rows.find((row) => row.category_id === categoryId && row.current) : undefined;
}

export function WhatIsLeft({ of }: { of: NonNullable<ReturnType<typeof useLeft>> }) {
  const { t } = useText();
  const words = { used: of.used ?? 0, amount: of.amount ?? 0, left: of.remaining ?? 0, to: of.period_to };
  if (of.remaining)
    return (
      <Note tone="info" title={t("ticket.left.some", words)}>
        {t("ticket.left.until", words)}
      </Note>
    );
  return (
    <Note tone="warn" title={t("ticket.left.none", words)}>
      {t("ticket.left.none_hint", words)}
    </Note>
  );
}
