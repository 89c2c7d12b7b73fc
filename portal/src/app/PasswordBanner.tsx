/* PasswordBanner: my password will be too old soon. Whoever changes it in time is not held up at the door. */
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { IconKey } from "@/ui/icons";
import { useClock } from "@/ui/time";
import { To } from "@/ui/To";
import classes from "./Shell.module.css";

export function PasswordBanner() {
  const { t } = useText();
  const { session } = useSession();
  const clock = useClock();
  if (!session?.password_due_at || session.acting_tenant) return null;
  return (
    <div className={classes.acting} role="status">
      <IconKey size={16} aria-hidden />
      {t("shell.password_due", { date: clock.date(session.password_due_at) })}
      <To to="/account/security">{t("shell.change_password")}</To>
    </div>
  );
}
