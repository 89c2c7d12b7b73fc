/* Enrolment: "Connect authenticator". Nothing else is shown before the second factor works; the recovery codes are
 * shown once, at the end. */
import { Button, Checkbox, Code, Group, List, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { call, type Out } from "@/api/client";
import type { Problem } from "@/api/problem";
import { sessionOptions } from "@/api/session";
import { useText } from "@/text";
import { CodeInput } from "@/ui/CodeInput";
import { ErrorState } from "@/ui/ErrorState";
import { LoadingState } from "@/ui/LoadingState";
import { RecoveryCodes } from "@/ui/RecoveryCodes";
import { CopyText } from "@/ui/Secret";
import { Door } from "./Door";
import classes from "./Door.module.css";
import { RefusalNote } from "./RefusalNote";
import { StartAgain } from "./SignInPage";
import { Note } from "@/ui/Note";

export function Enrolment({ onCodes, onDone }: { onCodes: () => void; onDone: () => void }) {
  const { t } = useText();
  const cache = useQueryClient();
  const [codes, setCodes] = useState<string[] | null>(null);
  const offer = useQuery({
    queryKey: ["totp-enrolment"],
    queryFn: () => call("POST /sign-in/totp-enrolment"),
    staleTime: Infinity,
    gcTime: 0,
    enabled: codes === null,
  });
  if (codes) {
    return (
      <Door title={t("recovery.title")} lead={t("recovery.lead")} wide>
        <KeepCodes
          codes={codes}
          onDone={async () => {
            await cache.invalidateQueries({ queryKey: sessionOptions.queryKey });
            onDone();
          }}
        />
      </Door>
    );
  }
  return (
    <Door title={t("enrol.title")} lead={t("enrol.lead")} wide>
      {offer.isPending && <LoadingState rows={4} />}
      {offer.error && <ErrorState error={offer.error} onRetry={() => void offer.refetch()} />}
      {offer.data && (
        <LinkApp
          offer={offer.data}
          onCodes={(list) => {
            onCodes();
            setCodes(list);
          }}
        />
      )}
    </Door>
  );
}

function LinkApp({
  offer,
  onCodes,
}: {
  offer: Out<"POST /sign-in/totp-enrolment">;
  onCodes: (codes: string[]) => void;
}) {
  const { t, field } = useText();
  const [code, setCode] = useState("");
  const confirm = useMutation<Out<"POST /sign-in/totp-enrolment/confirm">, Problem, string>({
    mutationFn: (digits) => call("POST /sign-in/totp-enrolment/confirm", { body: { code: digits } }),
    onSuccess: (out) => onCodes(out.recovery_codes ?? []),
    onError: () => setCode(""),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code);
  };
  return (
    <form onSubmit={send}>
      <Stack gap="lg">
        <div className={classes.qr}>
          <img
            src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(offer.qr_svg ?? "")}`}
            alt={t("enrol.qr_alt")}
          />
          <Stack gap="sm">
            <List type="ordered" size="sm" spacing={6}>
              <List.Item>{t("enrol.step_app")}</List.Item>
              <List.Item>{t("enrol.step_scan")}</List.Item>
              <List.Item>{t("enrol.step_code")}</List.Item>
            </List>
          </Stack>
        </div>
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            {t("enrol.by_hand")}
          </Text>
          <Group gap="xs">
            <Code fz="sm">{(offer.secret ?? "").replace(/(.{4})(?=.)/g, "$1 ")}</Code>
            <CopyText text={offer.secret ?? ""} />
          </Group>
        </Stack>
        {confirm.error && <RefusalNote problem={confirm.error} />}
        <CodeInput
          label={field("code")}
          value={code}
          onChange={setCode}
          onComplete={(digits) => confirm.mutate(digits)}
        />
        <Group justify="space-between">
          <StartAgain />
          <Button type="submit" size="md" loading={confirm.isPending} disabled={code.length !== 6}>
            {t("enrol.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function KeepCodes({ codes, onDone }: { codes: string[]; onDone: () => Promise<void> }) {
  const { t } = useText();
  const [isKept, setKept] = useState(false);
  return (
    <Stack gap="md">
      <RecoveryCodes codes={codes} />
      <Note tone="warn" title={t("recovery.once_title")}>
        {t("recovery.once")}
      </Note>
      <Checkbox
        label={t("recovery.kept")}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button size="md" disabled={!isKept} onClick={() => void onDone()}>
        {t("recovery.go_on")}
      </Button>
    </Stack>
  );
}
