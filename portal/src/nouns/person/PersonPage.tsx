import { Button, Stack } from "@mantine/core";
import { lazy, useState } from "react";
import { call, type Item } from "@/api/client";
import { useRead, useRefresh, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { Facts, type Fact } from "@/ui/Facts";
import { MenuButton } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { IconChevronDown } from "@/ui/icons";
import { useParam } from "@/ui/nav";
import { notifyDone } from "@/ui/notify";
import { ObjectHistory } from "@/ui/ObjectHistory";
import { Loaded, Page, Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { Tags } from "@/ui/Tags";
import { To } from "@/ui/To";
import { PersonStatus } from "./PersonStatus";
import { SessionList } from "./SessionList";

const PersonForm = lazy(() => import("./PersonForm"));

type Person = Item<"GET /people">;
const VERBS = ["resend-invitation", "unlock", "reset-second-factor", "enable", "disable"] as const;
type Verb = (typeof VERBS)[number];
const DANGEROUS: Verb[] = ["disable", "reset-second-factor"];

export default function PersonPage() {
  const { t } = useText();
  const person = useRead("GET /people/{id}", { path: { id: useParam("id") } });
  return (
    <Page
      title={person.data?.name ?? t("page.person")}
      back={{ to: "/people", title: t("page.people") }}
      badge={person.data && <PersonStatus of={person.data} />}
      lead={person.data?.email}
      actions={person.data && <PersonActions person={person.data} />}
    >
      <Loaded of={person}>{(data) => <PersonBody person={data} />}</Loaded>
    </Page>
  );
}

function PersonBody({ person }: { person: Person }) {
  const { t, field, value } = useText();
  const { isProvider } = useSession();
  return (
    <Stack gap="lg">
      <Section title={t("person.about")}>
        <Facts
          of={[
            [
              field("tenant_name"),
              isProvider ? (
                <To to={`/tenants/${person.tenant_id}`}>{person.tenant_name ?? ""}</To>
              ) : (
                person.tenant_name
              ),
            ],
            [field("kind"), value("kind", person.kind)],
            [field("second_factor"), value("second_factor", person.second_factor ? "on" : "off")],
            [
              field("last_sign_in_at"),
              <RelativeTime key="at" at={person.last_sign_in_at} missing={t("person.never")} />,
            ],
            ...(person.locked_until
              ? [[field("locked_until"), <RelativeTime key="until" at={person.locked_until} />] as Fact]
              : []),
            [field("created_at"), <RelativeTime key="made" at={person.created_at} />],
            [
              field("api_keys"),
              <To key="keys" to="/api-keys" search={{ person_id: person.id }}>
                {t("person.see_keys")}
              </To>,
            ],
          ]}
        />
      </Section>
      <Section title={t("person.access")}>
        <Facts
          of={[
            [field("permission_sets"), <Tags key="sets" of={person.permission_sets} max={8} />],
            ...(person.side === "provider"
              ? [
                  [
                    field("tenant_ids"),
                    person.all_tenants
                      ? t("person.all_tenants")
                      : t("tenant.count", { count: person.tenant_ids?.length ?? 0 }),
                  ] as Fact,
                ]
              : []),
            [field("language"), value("language", person.language)],
            [field("time_zone"), person.time_zone],
          ]}
        />
      </Section>
      {person.kind !== "service" && (
        <Section title={t("session.title")} flush>
          <PersonSessions id={person.id} />
        </Section>
      )}
      <ObjectHistory type="person" id={person.id} />
    </Stack>
  );
}

function PersonSessions({ id }: { id: string }) {
  const sessions = useRead("GET /people/{id}/sessions", { path: { id } });
  const revoke = useVerb("POST /sessions/{id}/revoke", ["people"]);
  return (
    <Loaded of={sessions}>
      {(data) => (
        <SessionList
          sessions={data.items}
          onRevoke={(session) => revoke.mutateAsync({ path: { id: session } })}
        />
      )}
    </Loaded>
  );
}

function PersonActions({ person }: { person: Person }) {
  const { t } = useText();
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <PersonVerbs person={person} />
      {person.can?.includes("update") && <Button onClick={() => setEditing(true)}>{t("action.edit")}</Button>}
      <FormDialog title={t("person.edit")} isOpen={isEditing} onClose={() => setEditing(false)}>
        <PersonForm person={person} onClose={() => setEditing(false)} />
      </FormDialog>
    </>
  );
}

/* Only what the server says may be done with this person now. */
function PersonVerbs({ person }: { person: Person }) {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  const refresh = useRefresh();
  const verbs = VERBS.filter((verb) => person.can?.includes(verb));
  if (verbs.length === 0) return null;
  const ask = (verb: Verb) =>
    confirm({
      title: t(`person.verb.${verb}`),
      text: t(`person.confirm.${verb}`, { name: person.name }),
      action: t(`person.verb.${verb}`),
      isDangerous: DANGEROUS.includes(verb),
      run: async () => {
        await call(`POST /people/{id}/${verb}`, { path: { id: person.id } });
        await refresh("people", "audit");
        notifyDone(t("state.done"));
      },
    });
  return (
    <>
      <MenuButton
        button={
          <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
            {t("action.actions")}
          </Button>
        }
        items={verbs.map((verb) => ({
          key: verb,
          label: t(`person.verb.${verb}`),
          isDangerous: DANGEROUS.includes(verb),
          run: () => ask(verb),
        }))}
      />
      {dialog}
    </>
  );
}
