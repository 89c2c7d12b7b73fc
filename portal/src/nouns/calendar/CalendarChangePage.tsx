/* CalendarChangePage: other hours from a day on; the form comes when calendar and versions are there. */
import { lazy, Suspense } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { useParam } from "@/ui/nav";
import { Loaded, Page } from "@/ui/Page";

const ChangeForm = lazy(() => import("./ChangeForm"));

export default function CalendarChangePage() {
  const { t } = useText();
  const id = useParam("id");
  const calendar = useRead("GET /business-calendars/{id}", { path: { id } });
  const versions = useRead("GET /business-calendars/{id}/versions", { path: { id } });
  return (
    <Page
      title={t("calendar.change")}
      lead={t("calendar.change_lead")}
      back={{ to: `/calendars/${id}`, title: calendar.data?.name ?? t("page.calendar") }}
    >
      <Loaded of={calendar}>
        {(row) => (
          <Loaded of={versions}>
            {(all) => (
              <Suspense fallback={<LoadingState />}>
                <ChangeForm calendar={row} versions={all.items ?? []} />
              </Suspense>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}
