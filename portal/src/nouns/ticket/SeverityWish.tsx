/* SeverityWish: an engineer wishes to lower the severity near its deadline; here another one decides. */
import { Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Note } from "@/ui/Note";
import { notifyDone, notifyProblem } from "@/ui/notify";

type Wish = Item<"GET /tickets/{id}/severity-wishes">;

export default function SeverityWish({ ticketId }: { ticketId: string }) {
  const wishes = useRead("GET /tickets/{id}/severity-wishes", { path: { id: ticketId }, query: { limit: 1 } });
  const wish = wishes.data?.items[0];
  return wish?.outcome === "open" ? <OpenWish wish={wish} /> : null;
}

function OpenWish({ wish }: { wish: Wish }) {
  const { t, value } = useText();
  const [isRefusing, setRefusing] = useState(false);
  const [reason, setReason] = useState("");
  const confirm = useVerb("POST /severity-wishes/{id}/confirm", ["tickets"]);
  const refuse = useVerb("POST /severity-wishes/{id}/refuse", ["tickets"]);
  const isOwn = wish.can.includes("withdraw");
  const after = {
    onSuccess: () => notifyDone(t("state.done")),
    onError: (error: unknown) => notifyProblem(error, t("state.failed")),
  };
  const leave = (why: string) => refuse.mutate({ path: { id: wish.id }, body: { reason: why } }, after);
  const letter = `${wish.severity.toUpperCase()} ${value("severity_word", wish.severity)}`;
  return (
    <Note tone="warn" role="status" title={t("wish.title", { name: wish.wished_by_name, severity: letter })}>
      <Text size="sm" style={{ whiteSpace: "pre-line" }}>
        {wish.reason}
      </Text>
      {isRefusing && (
        <Textarea
          mt="xs"
          label={t("wish.why_not")}
          required
          maxLength={1000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Group gap="xs" mt="xs">
        {isOwn && (
          <Button size="xs" variant="default" loading={refuse.isPending} onClick={() => leave(t("wish.withdrawn"))}>
            {t("wish.withdraw")}
          </Button>
        )}
        {wish.can.includes("confirm") && !isRefusing && (
          <Button
            size="xs"
            loading={confirm.isPending}
            onClick={() => confirm.mutate({ path: { id: wish.id }, body: {} }, after)}
          >
            {t("wish.confirm", { severity: wish.severity.toUpperCase() })}
          </Button>
        )}
        {wish.can.includes("refuse") && (
          <Button
            size="xs"
            variant="default"
            disabled={isRefusing && !reason.trim()}
            loading={refuse.isPending}
            onClick={() => (isRefusing ? leave(reason.trim()) : setRefusing(true))}
          >
            {t("wish.refuse")}
          </Button>
        )}
      </Group>
    </Note>
  );
}
