/* SavedViews: states of a list with a name; one's own, and those shared with colleagues. */
import { Button, Popover, Skeleton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useText } from "@/text";
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
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus width={300}>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBookmark size={14} aria-hidden />}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t("table.views")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {isOpen && (
          <Suspense fallback={<Skeleton height={90} />}>
            <SavedViewList
              page={page}
              state={state}
              onChoose={(chosen) => {
                onChoose(chosen);
                setOpen(false);
              }}
            />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
