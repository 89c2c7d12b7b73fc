/* TicketVerbs: what the caller may do with a case where it stands; each verb asks for its word of why. */
import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { MenuButton } from "@/ui/Flyout";
import { FormDialog } from "@/ui/FormDialog";
import { IconChevronDown } from "@/ui/icons";
import { notifyDone, notifyProblem } from "@/ui/notify";
import { useMayWrite } from "./rights";
import type { Verb } from "./VerbForm";

const VerbForm = lazy(() => import("./VerbForm"));
const SeverityForm = lazy(() => import("./SeverityForm"));
const SnoozeForm = lazy(() => import("./SnoozeForm"));
const AssignForm = lazy(() => import("./AssignForm"));
const TicketEdit = lazy(() => import("./TicketEdit"));

type Ticket = Item<"GET /tickets">;
type Asked = Verb | "severity" | "assign" | "edit" | "snooze";

/* What is done most stands in the open; the rest waits in the menu. */
const FIRST: Verb[] = ["start", "resolve", "reopen"];
const REST: Verb[] = ["wait", "decline"];

export function TicketVerbs({ ticket }: { ticket: Ticket }) {
  const { t } = useText();
  const { isProvider } = useSession();
  const mayWrite = useMayWrite();
  const [asked, ask] = useState<Asked | null>(null);
  const can = (mayWrite && ticket.can) || [];
  const mayDecide = isProvider && mayWrite;
  const main: Verb = ticket.status === "new" ? "start" : "resolve";
  const close = () => ask(null);
  const rest: Asked[] = [
    ...(mayDecide ? (["severity", "assign"] as const) : []),
    ...(can.includes("snooze") ? (["snooze"] as const) : []),
    ...(mayWrite ? (["edit"] as const) : []),
    ...REST.filter((verb) => can.includes(verb)),
    ...(isProvider && can.includes("close") ? (["close"] as const) : []),
  ];
  return (
    <>
      {mayDecide && !ticket.assignee_id && <TakeButton ticket={ticket} />}
      {FIRST.filter((verb) => can.includes(verb)).map((verb) => (
        <Button key={verb} variant={verb === main ? "filled" : "default"} onClick={() => ask(verb)}>
          {t(`ticket.verb.${verb === "start" && ticket.status === "new" ? "begin" : verb}`)}
        </Button>
      ))}
      {!isProvider && can.includes("close") && (
        <Button variant="default" onClick={() => ask("close")}>
          {t("ticket.verb.close")}
        </Button>
      )}
      {rest.length > 0 && (
        <MenuButton
          button={
            <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
              {t("action.more")}
            </Button>
          }
          items={rest.map((one) => ({ key: one, label: t(`ticket.verb.${one}`), run: () => ask(one) }))}
        />
      )}
      <FormDialog title={asked ? t(`ticket.verb.${asked}`) : ""} isOpen={asked !== null} onClose={close}>
        {asked === "severity" ? (
          <SeverityForm ticket={ticket} onClose={close} />
        ) : asked === "assign" ? (
          <AssignForm ticket={ticket} onClose={close} />
        ) : asked === "snooze" ? (
          <SnoozeForm ticket={ticket} onClose={close} />
        ) : asked === "edit" ? (
          <TicketEdit ticket={ticket} onClose={close} />
        ) : (
          asked && <VerbForm ticket={ticket} verb={asked} onClose={close} />
        )}
      </FormDialog>
    </>
  );
}

/* The most common choice of an engineer: it is mine. */
function TakeButton({ ticket }: { ticket: Ticket }) {
  const { t } = useText();
  const { person } = useSession();
  const assign = useVerb("POST /tickets/{id}/assign", ["audit"]);
  const take = () =>
    assign.mutate(
      { path: { id: ticket.id }, body: { assignee_id: person?.id } },
      {
        onSuccess: () => notifyDone(t("ticket.taken")),
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  return (
    <Button variant="default" loading={assign.isPending} onClick={take}>
      {t("ticket.take")}
    </Button>
  );
}
