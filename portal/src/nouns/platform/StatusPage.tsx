/* StatusPage: the health of the platform as tiles: green, yellow, red, grey for what one may not see, blue for
 * information. The colour never stands alone: each tile says its state, why, and what to do. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { IconRefresh } from "@/ui/icons";
import { Loaded, Page } from "@/ui/Page";
import { StatusTile } from "@/ui/StatusTile";
import classes from "./StatusPage.module.css";

export default function StatusPage() {
  const { t } = useText();
  const status = useRead("GET /platform/status");
  return (
    <Page
      title={t("page.status")}
      lead={t("platform.lead")}
      actions={
        <Tooltip label={t("action.refresh")}>
          <ActionIcon
            variant="default"
            size={34}
            aria-label={t("action.refresh")}
            loading={status.isFetching}
            onClick={() => void status.refetch()}
          >
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      }
    >
      <Loaded of={status}>
        {(data) => (
          <div className={classes.tiles}>
            {(data.tiles ?? []).map((tile) => (
              <StatusTile key={tile.key} tile={tile} />
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
