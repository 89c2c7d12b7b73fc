import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call, type Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { changeEyes, chooseTenant, useSession } from "@/api/session";
import { useText, withText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Facts } from "@/ui/Facts";
import { FormDialog } from "@/ui/FormDialog";
import { IconEye } from "@/ui/icons";
import { useGo, useParam } from "@/ui/nav";
import { LoadingState } from "@/ui/LoadingState";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { StatusBadge } from "@/ui/StatusBadge";
import { useNumbers } from "@/ui/time";
import { To } from "@/ui/To";

const TenantEdit = lazy(() => import("./TenantEdit"));
const Entitlements = lazy(() => withText(["people"], import("./Entitlements")));
const MailSettings = lazy(() => withText(["notice"], import("@/ui/MailSettings")));

type Tenant = Item<"GET /tenants">;

export default function TenantPage() {
  const { t } = useText();
  const tenant = useRead("GET /tenants/{id}", { path: { id: useParam("id") } });
  return (
    <Page
      title={tenant.data?.name ?? t("page.tenant")}
      lead={tenant.data?.name_kana}
      back={{ to: "/tenants", title: t("page.tenants") }}
      badge={tenant.data && <StatusBadge field="status" word={tenant.data.status} />}
      actions={tenant.data && <TenantVerbs tenant={tenant.data} />}
    >
      <Loaded of={tenant}>{(data) => <TenantBody tenant={data} />}</Loaded>
    </Page>
  );
}

function TenantBody({ tenant }: { tenant: Tenant }) {
  const { t, field, value } = useText();
  const number = useNumbers();
  const { may } = useSession();
  return (
    <>
      <Section title={t("tenant.about")}>
        <Facts
          of={[
            [
              field("short_code"),
              <span key="code" className="y-mono">
                {tenant.short_code}
              </span>,
            ],
            [field("plan"), value("plan", tenant.plan)],
            [field("language"), value("language", tenant.language)],
            [field("time_zone"), tenant.time_zone],
            [
              field("people_count"),
              <To key="people" to="/people" search={{ tenant_id: tenant.id }}>
                {t("tenant.people", { people: number(tenant.people_count ?? 0) })}
              </To>,
            ],
            [field("holiday_country"), tenant.holiday_country],
            [field("reopen_days"), tenant.reopen_days],
            [field("contract_start"), tenant.contract_start],
            [field("password_max_days"), tenant.password_max_days ?? t("tenant.password_never")],
            [field("created_at"), <RelativeTime key="made" at={tenant.created_at} />],
          ]}
        />
      </Section>
      {tenant.plan && (
        <Suspense fallback={<LoadingState />}>
          <Entitlements tenantId={tenant.id} />
        </Suspense>
      )}
      {may("people:write") && (
        <Suspense fallback={<LoadingState />}>
          <MailSettings tenantId={tenant.id} />
        </Suspense>
      )}
      <ObjectHistory type="tenant" id={tenant.id} />
    </>
  );
}

function TenantVerbs({ tenant }: { tenant: Tenant }) {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  const suspend = useVerb("POST /tenants/{id}/suspend");
  const resume = useVerb("POST /tenants/{id}/resume");
  const act = useAct();
  const [isEditing, setEditing] = useState(false);
  const can = tenant.can ?? [];
  const ask = (verb: "suspend" | "resume", run: () => Promise<unknown>) =>
    confirm({
      title: t(`tenant.${verb}`),
      text: t(`tenant.${verb}_text`, { name: tenant.name }),
      action: t(`tenant.${verb}`),
      isDangerous: verb === "suspend",
      run: async () => {
        await run();
        notifyDone(t("state.done"));
      },
    });
  const path = { id: tenant.id };
  return (
    <>
      {can.includes("suspend") && (
        <Button variant="default" onClick={() => ask("suspend", () => suspend.mutateAsync({ path }))}>
          {t("tenant.suspend")}
        </Button>
      )}
      {can.includes("resume") && (
        <Button variant="default" onClick={() => ask("resume", () => resume.mutateAsync({ path }))}>
          {t("tenant.resume")}
        </Button>
      )}
      {can.includes("act") && (
        <Button leftSection={<IconEye size={16} aria-hidden />} onClick={() => void act(tenant)}>
          {t("tenant.act")}
        </Button>
      )}
      {can.includes("update") && (
        <Button variant="default" onClick={() => setEditing(true)}>
          {t("action.edit")}
        </Button>
      )}
      <FormDialog title={t("tenant.settings")} isOpen={isEditing} onClose={() => setEditing(false)}>
        <TenantEdit tenant={tenant} onClose={() => setEditing(false)} />
      </FormDialog>
      {dialog}
    </>
  );
}

/* See the portal as this customer sees it: the audit log keeps that somebody did. */
function useAct() {
  const { t } = useText();
  const cache = useQueryClient();
  const go = useGo();
  return async (tenant: Tenant) => {
    try {
      const session = await call("POST /tenants/{id}/act", { path: { id: tenant.id } });
      await go("/");
      chooseTenant(cache, "");
      changeEyes(cache, session);
    } catch (error) {
      notifyProblem(error, t("state.failed"));
    }
  };
}
