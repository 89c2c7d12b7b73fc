/* ActingBanner: while somebody of the provider looks at the portal as one customer, it says so, all the time. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "@/api/client";
import { changeEyes, useSession } from "@/api/session";
import { useText } from "@/text";
import { IconEye } from "@/ui/icons";
import { notifyProblem } from "@/ui/notify";
import classes from "./Shell.module.css";

export function ActingBanner() {
  const { t } = useText();
  const { session } = useSession();
  const cache = useQueryClient();
  if (!session?.acting_tenant) return null;
  const stop = async () => {
    try {
      changeEyes(cache, await call("POST /session/stop-acting"));
    } catch (error) {
      notifyProblem(error, t("state.failed"));
    }
  };
  return (
    <div className={classes.acting} role="status">
      <IconEye size={16} aria-hidden />
      {t("shell.acting", { name: session.acting_tenant.name })}
      <Button size="compact-xs" variant="default" onClick={() => void stop()}>
        {t("shell.stop_acting")}
      </Button>
    </div>
  );
}
