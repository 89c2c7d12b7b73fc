/* NoticesPage: how news reach me, and what I was told. */
import { lazy, Suspense, useMemo } from "react";
import type { FilterOf, Item } from "@/api/client";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { DataTable } from "@/ui/table/DataTable";
import type { Column, Filter } from "@/ui/table/model";
import { TwoLines } from "@/ui/Tags";
import { Preferences } from "./Preferences";

const MailSettings = lazy(() => import("@/ui/MailSettings"));

type Notice = Item<"GET /me/notices">;
const FILTERS: Filter<FilterOf<"GET /me/notices">>[] = [{ field: "created_at", kind: "period" }];

export default function NoticesPage() {
  const { t, language } = useText();
  const { may, isProvider, tenant } = useSession();
  const columns = useMemo<Column<Notice>[]>(
    () => [
      { id: "title", cell: (row) => <TwoLines first={row.title} second={row.body ?? ""} /> },
      ...(isProvider ? [{ id: "about_tenant_name", cell: (row: Notice) => row.about_tenant_name }] : []),
      { id: "created_at", cell: (row) => <RelativeTime at={row.created_at} /> },
      { id: "read_at", cell: (row) => <RelativeTime at={row.read_at} missing={t("notice.unread")} /> },
    ],
    [isProvider, language],
  );
  return (
    <Page title={t("page.account_notices")} lead={t("notice.lead")}>
      <Section title={t("notice.how")} lead={t("notice.how_lead")}>
        <Preferences />
      </Section>
      {may("people:write") && tenant && (
        <Suspense fallback={<LoadingState />}>
          <MailSettings tenantId={tenant.id} />
        </Suspense>
      )}
      <DataTable
        name="notices"
        noun="notice"
        route="GET /me/notices"
        columns={columns}
        filters={FILTERS}
        searchHint={t("notice.search")}
        sort="-created_at"
        open={(row) => row.path.split("#")[0] ?? "/"}
        empty={{ title: t("notice.none"), hint: t("notice.none_hint") }}
      />
    </Page>
  );
}
