import { ActionIcon } from "@mantine/core";
import { useText } from "@/text";
import { Hint } from "./Hint";
import { IconRefresh } from "./icons";
import classes from "./RefreshButton.module.css";

/* The arrow turns while something is asked; the button stays where it is, and usable. */
export function RefreshButton({ isBusy, onRefresh }: { isBusy: boolean; onRefresh: () => void }) {
  const { t } = useText();
  return (
    <Hint label={t("action.refresh")}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t("action.refresh")}
        aria-busy={isBusy}
        onClick={onRefresh}
      >
        <IconRefresh size={15} aria-hidden className={isBusy ? classes.turning : undefined} />
      </ActionIcon>
    </Hint>
  );
}
