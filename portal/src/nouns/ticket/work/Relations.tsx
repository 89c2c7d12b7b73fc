/* Relations: how a case hangs together with others of its customer, and the verbs that make one of two, or two
 * of one. */
import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { IconChevronDown } from "@/ui/icons";
import { Section } from "@/ui/Page";
import { To } from "@/ui/To";
import { useSession } from "@/api/session";
import { useMayWrite } from "../rights";
import { TicketStatus } from "../TicketStatus";
import { LinkForm, MergeForm, SeparateForm } from "./LinkForms";
import { RemoveButton } from "./RemoveButton";
import { SplitForm } from "./SplitForm";
import type { WorkProps } from "./TicketWork";
import { useWorkVerb } from "./useWorkVerb";
import classes from "./Work.module.css";

type Asked = "link" | "merge" | "split";
const KEPT = ["split_from", "split_into", "merged_into", "merged_from"];

export function Relations({ ticket, work }: WorkProps) {
  const { t, value } = useText();
  const { isProvider } = useSession();
  const mayLink = useMayWrite() && isProvider;
  const [asked, ask] = useState<Asked | null>(null);
  const [separated, separate] = useState<{ id: string; reference: string } | null>(null);
  const remove = useWorkVerb("DELETE /ticket-links/{id}");
  const verbs: Asked[] = ["link", ...(ticket.can?.includes("merge") ? (["merge"] as const) : []), "split"];
  const close = () => ask(null);
  if (!mayLink && work.links.length === 0) return null;
  return (
    <Section
      title={t("work.links")}
      flush
      actions={
        mayLink && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="default"
                rightSection={<IconChevronDown size={13} aria-hidden />}
              >
                {t("work.link_verbs")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {verbs.map((verb) => (
                <Menu.Item key={verb} onClick={() => ask(verb)}>
                  {t(`work.verb.${verb}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      {work.links.length === 0 ? (
        <div className={classes.empty}>{t("work.no_links")}</div>
      ) : (
        <ul className={classes.list}>
          {work.links.map((link) => (
            <li key={link.id} className={classes.row}>
              <span className={classes.relation}>{value("relation", link.relation)}</span>
              <span className={classes.grow}>
                <To to={`/tickets/${link.ticket_id}`} search={own(link.relation)}>
                  <span className="y-num">{link.reference}</span> {link.subject}
                </To>
                <small>
                  <TicketStatus word={link.status} />
                </small>
                {mayLink && link.relation === "merged_from" && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    mt={4}
                    onClick={() => separate({ id: link.ticket_id!, reference: link.reference })}
                  >
                    {t("work.verb.separate")}
                  </Button>
                )}
              </span>
              {mayLink && !KEPT.includes(link.relation) && (
                <RemoveButton
                  label={t("work.remove_link", { name: link.reference })}
                  onClick={() => remove.run({ path: { id: link.id! } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <FormDialog title={asked ? t(`work.verb.${asked}`) : ""} isOpen={asked !== null} onClose={close}>
        {asked === "link" && <LinkForm ticket={ticket} onClose={close} />}
        {asked === "merge" && <MergeForm ticket={ticket} onClose={close} />}
        {asked === "split" && <SplitForm ticket={ticket} onClose={close} />}
      </FormDialog>
      <FormDialog
        title={t("work.verb.separate")}
        isOpen={separated !== null}
        onClose={() => separate(null)}
      >
        {separated && <SeparateForm merged={separated} onClose={() => separate(null)} />}
      </FormDialog>
    </Section>
  );
}

/* A merged case leads to its survivor; from there one can still look at it alone. */
const own = (relation: string) => (relation === "merged_from" ? { alone: "yes" } : undefined);
