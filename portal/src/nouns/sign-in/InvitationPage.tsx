/* InvitationPage: "Complete your profile". The account becomes active when a password is set and the terms are
 * accepted, both at once. */
import { Checkbox, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useRead } from "@/api/queries";
import { isLanguage, speak, useText } from "@/text";
import { ErrorState } from "@/ui/ErrorState";
import { Form } from "@/ui/Form";
import { LoadingState } from "@/ui/LoadingState";
import { useGo, useParam } from "@/ui/nav";
import { To } from "@/ui/To";
import { Door } from "./Door";
import classes from "./Door.module.css";
import { Note } from "@/ui/Note";

export default function InvitationPage() {
  const { t } = useText();
  const token = useParam("token");
  const invitation = useRead("GET /invitations/{token}", { path: { token } });
  const invited = invitation.data;

  useEffect(() => {
    if (isLanguage(invited?.language)) void speak(invited.language);
  }, [invited?.language]);

  if (invitation.isPending)
    return (
      <Door title={t("invitation.title")}>
        <LoadingState />
      </Door>
    );
  if (!invited) {
    return (
      <Door title={t("invitation.over_title")}>
        <Stack>
          {invitation.error && invitation.error.status !== 404 ? (
            <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} />
          ) : (
            <Note tone="warn" role="alert">
              {t("invitation.over")}
            </Note>
          )}
          <To to="/sign-in" size="sm">
            {t("sign_in.back")}
          </To>
        </Stack>
      </Door>
    );
  }
  return (
    <Door
      title={t("invitation.title")}
      lead={t("invitation.lead", { tenant: invited.tenant_name, email: invited.email })}
      wide
    >
      <CompleteProfile token={token} name={invited.name ?? ""} />
    </Door>
  );
}

function CompleteProfile({ token, name }: { token: string; name: string }) {
  const { t, language } = useText();
  const go = useGo();
  const [isAccepted, setAccepted] = useState(false);
  return (
    <Form
      route="POST /invitations/{token}/complete"
      noun="invitation"
      path={{ token }}
      layout={["name", "password", ["language", "time_zone"], "terms_accepted"]}
      autoComplete={{ password: "new-password", name: "name" }}
      initial={{ name, language, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }}
      controls={{
        terms_accepted: (control) => (
          <Stack gap="xs">
            <Text size="sm" fw={500}>
              {t("invitation.terms_title")}
            </Text>
            <div
              className={classes.terms}
              tabIndex={0}
              role="region"
              aria-label={t("invitation.terms_title")}
            >
              {t("invitation.terms")}
            </div>
            <Checkbox
              label={t("invitation.accept")}
              error={control.error}
              checked={isAccepted}
              onChange={(event) => {
                setAccepted(event.currentTarget.checked);
                control.onChange(event.currentTarget.checked);
              }}
            />
          </Stack>
        ),
      }}
      isDisabled={false}
      submit={t("invitation.submit")}
      onDone={() => void go("/sign-in", { notice: "profile_complete" })}
    />
  );
}
