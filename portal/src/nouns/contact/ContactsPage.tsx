/* ContactsPage: who may ask for premium support, and in which order they are called. */
import { ActionIcon, Button, Group } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { EmptyState } from "@/ui/EmptyState";
import { FormDialog } from "@/ui/FormDialog";
import { IconArrowDown, IconArrowUp, IconPlus } from "@/ui/icons";
import { notifyProblem } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { To } from "@/ui/To";
import { useClock } from "@/ui/time";
import classes from "./ContactsPage.module.css";

const ContactForm = lazy(() => import("./ContactForm"));

type Contact = Item<"GET /service-contacts">;

export default function ContactsPage() {
  const { t } = useText();
  const { may, isProvider } = useSession();
  const contacts = useRead("GET /service-contacts", { query: { limit: 200, sort: "tenant_name" } });
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Contact | null>(null);
  const close = () => (setAdding(false), setEdited(null));
  return (
    <Page
      title={t("page.contacts")}
      lead={t(isProvider ? "contact.lead_provider" : "contact.lead_customer")}
      actions={
        isProvider &&
        may("services:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t("contact.make")}
          </Button>
        )
      }
    >
      <Loaded of={contacts}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState title={t("contact.empty")} hint={t("contact.empty_hint")} />
          ) : (
            <>
              {groupsOf(data.items).map((group) => (
                <Customer key={group[0]!.tenant_id} contacts={group} onEdit={setEdited} />
              ))}
            </>
          )
        }
      </Loaded>
      {isProvider && (
        <div>
          <To to="/audit?object_type=service_contact" size="sm">
            {t("contact.log")}
          </To>
        </div>
      )}
      <FormDialog
        title={t(edited ? "contact.edit" : "contact.make")}
        isOpen={isAdding || Boolean(edited)}
        onClose={close}
      >
        <ContactForm contact={edited} onDone={close} />
      </FormDialog>
    </Page>
  );
}

function groupsOf(contacts: Contact[]): Contact[][] {
  const groups = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const group = groups.get(contact.tenant_id ?? "") ?? [];
    groups.set(contact.tenant_id ?? "", [...group, contact]);
  }
  return [...groups.values()].map((group) => [...group].sort((a, b) => a.call_order - b.call_order));
}

function Customer({ contacts, onEdit }: { contacts: Contact[]; onEdit: (contact: Contact) => void }) {
  const { t } = useText();
  const order = useVerb("POST /service-contacts/order");
  const move = async (index: number, by: number) => {
    const ids = contacts.map((one) => one.id!);
    const [moved] = ids.splice(index, 1);
    ids.splice(index + by, 0, moved!);
    try {
      await order.mutateAsync({ body: { tenant_id: contacts[0]!.tenant_id!, ids } });
    } catch (failure) {
      notifyProblem(failure, t("state.failed"));
    }
  };
  return (
    <Section title={contacts[0]!.tenant_name ?? ""} flush>
      <ol className={classes.list}>
        {contacts.map((contact, index) => (
          <ContactRow
            key={contact.id}
            contact={contact}
            place={index + 1}
            onEdit={() => onEdit(contact)}
            onUp={index > 0 ? () => void move(index, -1) : undefined}
            onDown={index < contacts.length - 1 ? () => void move(index, 1) : undefined}
            isBusy={order.isPending}
          />
        ))}
      </ol>
    </Section>
  );
}

function ContactRow({
  contact,
  place,
  onEdit,
  onUp,
  onDown,
  isBusy,
}: {
  contact: Contact;
  place: number;
  onEdit: () => void;
  onUp?: () => void;
  onDown?: () => void;
  isBusy: boolean;
}) {
  const { t, value } = useText();
  const clock = useClock();
  return (
    <li className={classes.contact}>
      <span className={classes.place} aria-label={t("contact.place", { place })}>
        {place}
      </span>
      <div>
        <b>{contact.name}</b>
        <div className={classes.quiet}>{contact.email}</div>
      </div>
      <div>
        {[contact.phone, contact.phone_second].filter(Boolean).map((phone) => (
          <div key={phone} className={classes.phone}>
            {phone}
          </div>
        ))}
        {!contact.phone && <span className={classes.quiet}>{t("contact.no_phone")}</span>}
      </div>
      <div className={classes.quiet}>
        <div>{(contact.languages ?? []).map((one) => value("language", one)).join(" · ")}</div>
        <div>{contact.hours}</div>
        <div>{contact.note}</div>
        {contact.registered_at && (
          <div>{t("contact.since", { day: clock.date(contact.registered_at), name: contact.registered_by })}</div>
        )}
      </div>
      <Actions contact={contact} onEdit={onEdit} onUp={onUp} onDown={onDown} isBusy={isBusy} />
    </li>
  );
}

function Actions({
  contact,
  onEdit,
  onUp,
  onDown,
  isBusy,
}: {
  contact: Contact;
  onEdit: () => void;
  onUp?: () => void;
  onDown?: () => void;
  isBusy: boolean;
}) {
  const { t } = useText();
  const { confirm, dialog } = useConfirm();
  const remove = useVerb("DELETE /service-contacts/{id}");
  if (!contact.can?.includes("update")) return <span />;
  const ask = () =>
    confirm({
      title: t("contact.remove"),
      text: t("contact.remove_text", { name: contact.name }),
      action: t("contact.remove"),
      isDangerous: true,
      run: () => remove.mutateAsync({ path: { id: contact.id! } }),
    });
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        disabled={!onUp || isBusy}
        aria-label={t("contact.up", { name: contact.name })}
        onClick={onUp}
      >
        <IconArrowUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        disabled={!onDown || isBusy}
        aria-label={t("contact.down", { name: contact.name })}
        onClick={onDown}
      >
        <IconArrowDown size={16} aria-hidden />
      </ActionIcon>
      <Button size="compact-sm" variant="default" onClick={onEdit}>
        {t("action.edit")}
      </Button>
      <Button size="compact-sm" variant="subtle" c="var(--y-bad)" onClick={ask}>
        {t("contact.remove")}
      </Button>
      {dialog}
    </Group>
  );
}
