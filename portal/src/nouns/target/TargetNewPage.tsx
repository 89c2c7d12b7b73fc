import { lazy, Suspense } from "react";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { Page } from "@/ui/Page";

const TargetForm = lazy(() => import("./TargetForm"));

export default function TargetNewPage() {
  const { t } = useText();
  return (
    <Page title={t("target.make")} lead={t("target.make_lead")} back={{ to: "/targets", title: t("page.targets") }}>
      <Suspense fallback={<LoadingState />}>
        <TargetForm />
      </Suspense>
    </Page>
  );
}
