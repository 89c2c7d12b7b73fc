/* PasswordTooOld: the organisation says how old a password may become; this one is older, so another comes first. */
import { useKeepSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { Door } from "./Door";
import { StartAgain } from "./SignInPage";

export function PasswordTooOld() {
  const { t } = useText();
  const keepSession = useKeepSession();
  return (
    <Door title={t("password_too_old.title")} lead={t("password_too_old.lead")}>
      <Form
        route="POST /sign-in/password"
        noun="new_password"
        layout={["password"]}
        autoComplete={{ password: "new-password" }}
        submit={t("password_too_old.submit")}
        onDone={keepSession}
      />
      <StartAgain />
    </Door>
  );
}
