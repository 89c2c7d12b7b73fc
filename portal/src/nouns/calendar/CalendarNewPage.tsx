import { lazy, Suspense } from "react";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { Page } from "@/ui/Page";

const NewForm = lazy(() => import("./NewForm"));

export default function CalendarNewPage() {
  const { t } = useText();
  return (
    <Page title={t("calendar.make")} back={{ to: "/calendars", title: t("page.calendars") }}>
      <Suspense fallback={<LoadingState />}>
        <NewForm />
      </Suspense>
    </Page>
  );
}
