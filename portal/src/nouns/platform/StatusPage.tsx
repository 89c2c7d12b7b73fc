/* StatusPage: the health of the platform as tiles: green, yellow, red, grey for what one may not see, blue for
 * information. The colour never stands alone: each tile says its state, why, and what to do. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { Loaded, Page } from "@/ui/Page";
import { RefreshButton } from "@/ui/RefreshButton";
import { StatusTile } from "@/ui/StatusTile";
import classes from "./StatusPage.module.css";

export default function StatusPage() {
  const { t } = useText();
  const status = useRead("GET /platform/status");
  return (
    <Page
      title={t("page.status")}
      lead={t("platform.lead")}
      actions={<RefreshButton isBusy={status.isFetching} onRefresh={() => void status.refetch()} />}
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
