/* SignInPage: one address for every step; which step is shown follows from how far the session has come. */
import { Anchor, Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { API, call } from "@/api/client";
import { Problem } from "@/api/problem";
import { sessionOptions, stageOf, useKeepSession } from "@/api/session";
import { useText, type Text } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { useGo, useWords } from "@/ui/nav";
import { To } from "@/ui/To";
import { Door } from "./Door";
import { Enrolment } from "./Enrolment";
import { PasswordTooOld } from "./PasswordTooOld";
import { RefusalNote } from "./RefusalNote";
import { SecondFactor } from "./SecondFactor";
import { Note } from "@/ui/Note";

/* Only a path of this portal: a link must not send people elsewhere after they signed in. */
const safeBack = (back: string | undefined) => (back?.startsWith("/") && !back.startsWith("//") ? back : "/");

export default function SignInPage() {
  const { t } = useText();
  const go = useGo();
  const [words] = useWords();
  const session = useQuery(sessionOptions);
  const [hasCodes, setHasCodes] = useState(false);
  const stage = stageOf(session.data);

  useEffect(() => {
    if (stage === "complete" && !hasCodes) void go(safeBack(words.back));
  }, [stage, hasCodes]);

  if (session.isPending) return <LoadingState />;
  if (stage === "totp_enrolment" || hasCodes) {
    return <Enrolment onCodes={() => setHasCodes(true)} onDone={() => setHasCodes(false)} />;
  }
  if (stage === "totp") return <SecondFactor />;
  if (stage === "password") return <PasswordTooOld />;
  return (
    <Door title={t("sign_in.title")} lead={t("sign_in.lead")}>
      <PasswordStep notice={words.notice} problem={words.problem} back={safeBack(words.back)} />
    </Door>
  );
}

function PasswordStep({ notice, problem, back }: { notice?: string; problem?: string; back: string }) {
  const { t, field } = useText();
  const keepSession = useKeepSession();
  const [email, setEmail] = useState("");
  const [settledEmail, setSettledEmail] = useState("");
  const [password, setPassword] = useState("");
  const provider = useProvider(settledEmail);
  const signIn = useMutation<Awaited<ReturnType<typeof sendSignIn>>, Problem>({
    mutationFn: () => sendSignIn(email, password),
    onSuccess: keepSession,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setSettledEmail(email.trim());
    if (!provider) signIn.mutate();
  };
  return (
    <form onSubmit={send}>
      <Stack gap="md">
        {notice && !signIn.error && (
          <Note tone="ok" role="status">
            {t(`sign_in.notice.${notice}`)}
          </Note>
        )}
        {problem && !signIn.error && (
          <Note tone="bad" role="alert" title={t("sign_in.problem_title")}>
            {reasonOf(problem, t)}
          </Note>
        )}
        {signIn.error && <RefusalNote problem={signIn.error} />}
        <TextInput
          label={field("email")}
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          size="md"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          onBlur={() => setSettledEmail(email.trim())}
        />
        {provider ? (
          <Button
            component="a"
            size="md"
            href={`${API}/oidc/${provider.provider_id}/start?return_to=${encodeURIComponent(back)}`}
          >
            {t("sign_in.with_provider", { name: provider.name })}
          </Button>
        ) : (
          <>
            <PasswordInput
              label={field("password")}
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              size="md"
              visibilityToggleButtonProps={{ "aria-label": t("action.show_password") }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" size="md" loading={signIn.isPending}>
              {t("sign_in.submit")}
            </Button>
          </>
        )}
        <Divider my={2} />
        <To to="/password-reset" size="sm">
          {t("sign_in.forgot")}
        </To>
      </Stack>
    </form>
  );
}

/* Slugs that come back from a provider; a new one still gets the general sentence. */
const REASONS = [
  "sign-in-expired",
  "sign-in-unknown-person",
  "identity-provider-failed",
  "identity-provider-busy",
  "id-token-refused",
];

const reasonOf = (problem: string, t: Text) =>
  REASONS.includes(problem) ? t(`sign_in.problem.${problem}`) : t("state.failed_hint");

const sendSignIn = (email: string, password: string) =>
  call("POST /sign-in", { body: { email: email.trim(), password } });

/* Whether people of this mail domain sign in elsewhere. Asked when the address is complete, not at every letter. */
function useProvider(email: string) {
  const { data } = useQuery({
    queryKey: ["sign-in", "provider", email],
    queryFn: () => call("GET /sign-in/providers", { query: { email } }),
    enabled: /^\S+@\S+\.\S+$/.test(email),
    staleTime: 60_000,
    retry: false,
  });
  return data?.provider_id ? data : null;
}

export function StartAgain() {
  const { t } = useText();
  const keepSession = useKeepSession();
  const leave = async () => {
    await call("POST /sign-out").catch(() => undefined);
    keepSession(await call("GET /session"));
  };
  return (
    <Anchor component="button" type="button" size="sm" onClick={() => void leave()}>
      {t("sign_in.start_again")}
    </Anchor>
  );
}
