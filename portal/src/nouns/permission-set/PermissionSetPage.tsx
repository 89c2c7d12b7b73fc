import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import { useGo, useParam } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { useNumbers } from "@/ui/time";
import { GrantMatrix } from "./GrantMatrix";
import { Note } from "@/ui/Note";

const SetForm = lazy(() => import("./SetForm"));

type PermissionSet = Item<"GET /permission-sets">;

export default function PermissionSetPage() {
  const { t, named, value } = useText();
  const number = useNumbers();
  const set = useRead("GET /permission-sets/{id}", { path: { id: useParam("id") } });
  const data = set.data;
  return (
    <Page
      title={data ? named(data) : t("page.permission_set")}
      lead={
        data &&
        `${value("side", data.side)} · ${t("permission_set.held_by", { people: number(data.people_count ?? 0) })}`
      }
      back={{ to: "/permission-sets", title: t("page.permission_sets") }}
      actions={data && <SetActions set={data} />}
    >
      <Loaded of={set}>{(row) => <SetBody key={row.version} set={row} />}</Loaded>
    </Page>
  );
}

function SetBody({ set }: { set: PermissionSet }) {
  const { t } = useText();
  const isFixed = !set.can?.includes("update");
  return (
    <>
      {set.builtin && <Note tone="mute">{t("permission_set.builtin_note")}</Note>}
      <Section title={t("permission_set.grants")} lead={t("permission_set.grants_lead")} flush={isFixed}>
        {isFixed ? (
          <GrantMatrix value={set.grants ?? []} side={set.side} isDisabled />
        ) : (
          <SetEdit set={set} />
        )}
      </Section>
      <ObjectHistory type="permission_set" id={set.id} />
    </>
  );
}

function SetEdit({ set }: { set: PermissionSet }) {
  const { t } = useText();
  return (
    <Form
      route="PUT /permission-sets/{id}"
      noun="permission_set"
      wide
      path={{ id: set.id }}
      version={set.version}
      initial={set as never}
      layout={[["name_ja", "name_en"], "grants"]}
      controls={{
        grants: (control) => (
          <GrantMatrix
            value={(control.value as string[]) ?? []}
            onChange={control.onChange}
            side={set.side}
            error={control.error}
          />
        ),
      }}
      submit={t("action.save")}
      onDone={() => notifyDone(t("state.saved"))}
    />
  );
}

function SetActions({ set }: { set: PermissionSet }) {
  const { t } = useText();
  const { may } = useSession();
  const go = useGo();
  const [isCopying, setCopying] = useState(false);
  const close = () => setCopying(false);
  return (
    <>
      <RemoveSet set={set} />
      {may("permissions:write") && (
        <Button variant="default" onClick={() => setCopying(true)}>
          {t("permission_set.copy")}
        </Button>
      )}
      <FormDialog title={t("permission_set.make")} isOpen={isCopying} onClose={close}>
        <SetForm
          from={set}
          onCancel={close}
          onDone={(id) => {
            close();
            void go(`/permission-sets/${id}`);
          }}
        />
      </FormDialog>
    </>
  );
}

function RemoveSet({ set }: { set: PermissionSet }) {
  const { t, named } = useText();
  const { confirm, dialog } = useConfirm();
  const remove = useVerb("DELETE /permission-sets/{id}");
  const go = useGo();
  if (!set.can?.includes("delete")) return null;
  const ask = () =>
    confirm({
      title: t("action.delete"),
      text: t("permission_set.delete_text", { name: named(set) }),
      action: t("action.delete"),
      isDangerous: true,
      run: async () => {
        await remove.mutateAsync({ path: { id: set.id } });
        await go("/permission-sets");
      },
    });
  return (
    <>
      <Button variant="default" c="var(--y-bad)" onClick={ask}>
        {t("action.delete")}
      </Button>
      {dialog}
    </>
  );
}
