/* SavedViews: states of a list with a name; one's own, and those shared with colleagues. */
import { Button, Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useText } from "@/text";
import { Flyout } from "../Flyout";
import { IconBookmark } from "../icons";
import type { Words } from "../nav";

export interface ViewsProps {
  page: string;
  state: Record<string, string>;
  onChoose: (state: Words) => void;
}

const SavedViewList = lazy(() => import("./SavedViewList"));

export function SavedViews({ page, state, onChoose }: ViewsProps) {
  const { t } = useText();
  return (
    <Flyout
      position="bottom-end"
      width={300}
      button={
        <Button size="xs" variant="default" leftSection={<IconBookmark size={14} aria-hidden />}>
          {t("table.views")}
        </Button>
      }
    >
      {(close) => (
        <Suspense fallback={<Skeleton height={90} />}>
          <SavedViewList
            page={page}
            state={state}
            onChoose={(chosen) => {
              onChoose(chosen);
              close();
            }}
          />
        </Suspense>
      )}
    </Flyout>
  );
}
