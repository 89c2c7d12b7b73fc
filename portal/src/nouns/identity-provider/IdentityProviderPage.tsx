import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Facts } from "@/ui/Facts";
import { FormDialog } from "@/ui/FormDialog";
import { useGo, useParam } from "@/ui/nav";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { Secret } from "@/ui/Secret";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tags } from "@/ui/Tags";
import { Note } from "@/ui/Note";

const ProviderEdit = lazy(() => import("./ProviderEdit"));

const NOUN = "identity_provider";

type Provider = Item<"GET /identity-providers">;

export default function IdentityProviderPage() {
  const { t } = useText();
  const provider = useRead("GET /identity-providers/{id}", { path: { id: useParam("id") } });
  const data = provider.data;
  return (
    <Page
      title={data?.name ?? t("page.identity_provider")}
      lead={data?.issuer}
      back={{ to: "/identity-providers", title: t("page.identity_providers") }}
      badge={
        data && (
          <StatusBadge
            field="enabled"
            word={data.enabled ? "on" : "off"}
            tone={data.enabled ? "ok" : "mute"}
          />
        )
      }
      actions={data && <ProviderActions provider={data} />}
    >
      <Loaded of={provider}>{(row) => <ProviderBody provider={row} />}</Loaded>
    </Page>
  );
}

function ProviderBody({ provider }: { provider: Provider }) {
  const { t, field } = useText();
  return (
    <>
      <TestProvider provider={provider} />
      <Section title={t("identity_provider.settings")}>
        <Facts
          of={[
            [field("issuer", NOUN), provider.issuer],
            [
              field("client_id", NOUN),
              <span key="client" className="y-mono">
                {provider.client_id}
              </span>,
            ],
            [field("email_domains", NOUN), <Tags key="domains" of={provider.email_domains} max={8} />],
          ]}
        />
      </Section>
      <ObjectHistory type="identity_provider" id={provider.id} />
    </>
  );
}

function TestProvider({ provider }: { provider: Provider }) {
  const { t } = useText();
  const test = useVerb("POST /identity-providers/{id}/test");
  const { may } = useSession();
  return (
    <Section
      title={t("identity_provider.connect")}
      lead={t("identity_provider.connect_lead")}
      actions={
        may("sign_in:write") && (
          <Button
            size="xs"
            variant="default"
            loading={test.isPending}
            onClick={() => test.mutate({ path: { id: provider.id } })}
          >
            {t("identity_provider.test")}
          </Button>
        )
      }
    >
      <Secret text={provider.redirect_uri ?? `${window.location.origin}/api/v1/oidc/callback`} />
      {test.data && (
        <Note
          role="status"
          tone={test.data.reachable ? "ok" : "bad"}
          title={t(test.data.reachable ? "identity_provider.test_ok" : "identity_provider.test_failed")}
        >
          {test.data.message ?? test.data.authorization_endpoint}
        </Note>
      )}
      {test.error && (
        <Note role="alert" tone="bad" title={test.error.title}>
          {test.error.detail}
        </Note>
      )}
    </Section>
  );
}

function ProviderActions({ provider }: { provider: Provider }) {
  const { t } = useText();
  const { may } = useSession();
  const { confirm, dialog } = useConfirm();
  const remove = useVerb("DELETE /identity-providers/{id}");
  const go = useGo();
  const [isEditing, setEditing] = useState(false);
  if (!may("sign_in:write")) return null;
  const ask = () =>
    confirm({
      title: t("action.delete"),
      text: t("identity_provider.delete_text", { name: provider.name }),
      action: t("action.delete"),
      isDangerous: true,
      run: async () => {
        await remove.mutateAsync({ path: { id: provider.id } });
        await go("/identity-providers");
      },
    });
  return (
    <>
      <Button variant="default" c="var(--y-bad)" onClick={ask}>
        {t("action.delete")}
      </Button>
      <Button onClick={() => setEditing(true)}>{t("action.edit")}</Button>
      <FormDialog
        title={t("identity_provider.settings")}
        isOpen={isEditing}
        onClose={() => setEditing(false)}
      >
        <ProviderEdit provider={provider} onClose={() => setEditing(false)} />
      </FormDialog>
      {dialog}
    </>
  );
}
