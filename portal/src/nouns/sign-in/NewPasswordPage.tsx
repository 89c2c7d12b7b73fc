import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { useGo, useParam } from "@/ui/nav";
import { Door } from "./Door";

export default function NewPasswordPage() {
  const { t } = useText();
  const go = useGo();
  const token = useParam("token");
  return (
    <Door title={t("reset.new_title")} lead={t("reset.new_lead")}>
      <Form
        route="POST /password-reset/confirm"
        noun="new_password"
        layout={["password"]}
        autoComplete={{ password: "new-password" }}
        prepare={(body) => ({ ...body, token })}
        submit={t("reset.new_submit")}
        onDone={() => void go("/sign-in", { notice: "password_changed" })}
      />
    </Door>
  );
}
