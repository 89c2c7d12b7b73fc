/* WebhookVerbs: what can be done with an endpoint. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Out } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { MenuButton } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { useGo } from "@/ui/nav";
import { notifyDone, notifyProblem } from "@/ui/notify";

const WebhookEdit = lazy(() => import("./WebhookFields"));
const NewSecret = lazy(() => import("./NewSecret"));

type Webhook = Out<"GET /webhooks/{id}">;

export function WebhookVerbs({ webhook }: { webhook: Webhook }) {
  const { t } = useText();
  const may = (verb: string) => webhook.can?.includes(verb) ?? false;
  const path = { id: webhook.id };
  const test = useVerb("POST /webhooks/{id}/test");
  const pause = useVerb("POST /webhooks/{id}/pause");
  const resume = useVerb("POST /webhooks/{id}/resume");
  const [isEditing, setEditing] = useState(false);
  const rare = useRareVerbs(webhook);
  const said = (key: string) => ({
    onSuccess: () => notifyDone(t(key)),
    onError: (error: unknown) => notifyProblem(error, t("state.failed")),
  });
  if (!may("update")) return null;
  return (
    <>
      <MenuButton
        button={<Button variant="default">{t("action.more")}</Button>}
        items={[
          may("pause")
            ? { key: "pause", label: t("webhook.pause"), run: () => pause.mutate({ path }, said("webhook.paused")) }
            : {
                key: "resume",
                label: t("webhook.resume"),
                run: () => resume.mutate({ path }, said("webhook.resumed")),
              },
          { key: "rotate", label: t("webhook.rotate"), run: rare.askRotate },
          { key: "delete", label: t("action.delete"), isDangerous: true, isFirstOfGroup: true, run: rare.askDelete },
        ]}
      />
      <Button
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate({ path }, said("webhook.test_sent"))}
      >
        {t("webhook.test")}
      </Button>
      <Button onClick={() => setEditing(true)}>{t("action.edit")}</Button>
      <FormDialog title={t("webhook.edit")} isOpen={isEditing} onClose={() => setEditing(false)}>
        <WebhookEdit webhook={webhook} onClose={() => setEditing(false)} />
      </FormDialog>
      {rare.dialogs}
    </>
  );
}

/* Those that are asked about first. */
function useRareVerbs(webhook: Webhook) {
  const { t } = useText();
  const go = useGo();
  const { confirm, dialog } = useConfirm();
  const rotate = useVerb("POST /webhooks/{id}/rotate");
  const remove = useVerb("DELETE /webhooks/{id}");
  const [secret, setSecret] = useState<string | null>(null);
  const path = { id: webhook.id };
  const askRotate = () =>
    confirm({
      title: t("webhook.rotate"),
      text: t("webhook.rotate_text"),
      action: t("webhook.rotate"),
      run: async () => setSecret((await rotate.mutateAsync({ path })).secret ?? ""),
    });
  const askDelete = () =>
    confirm({
      title: t("action.delete"),
      text: t("webhook.delete_text", { name: webhook.name }),
      action: t("action.delete"),
      isDangerous: true,
      run: async () => {
        await remove.mutateAsync({ path });
        await go("/webhooks");
      },
    });
  const dialogs = (
    <>
      {dialog}
      {secret !== null && (
        <Suspense>
          <NewSecret secret={secret} onClose={() => setSecret(null)} />
        </Suspense>
      )}
    </>
  );
  return { askRotate, askDelete, dialogs };
}
