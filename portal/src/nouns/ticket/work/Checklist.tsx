/* Checklist: what engineers tick off. Who did it and when stands beside it. */
import { Button, Checkbox, Menu, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { IconPlus } from "@/ui/icons";
import { Section } from "@/ui/Page";
import { RelativeTime } from "@/ui/RelativeTime";
import { useMayWrite } from "../rights";
import { RemoveButton } from "./RemoveButton";
import type { Work, WorkProps } from "./TicketWork";
import { useWorkVerb } from "./useWorkVerb";
import classes from "./Work.module.css";

type Check = Work["checks"][number];

export function Checklist({ ticket, work }: WorkProps) {
  const { t, language } = useText();
  const mayWrite = useMayWrite();
  const listOf = (check: Check) => (language === "ja" ? check.list_ja : check.list_en);
  const lists = [...new Set(work.checks.map(listOf))];
  const done = work.checks.filter((check) => check.done_at).length;
  return (
    <Section
      title={t("work.checks")}
      lead={work.checks.length > 0 ? t("work.checks_done", { done, all: work.checks.length }) : undefined}
      flush
      actions={mayWrite && <AddList ticket={ticket} work={work} />}
    >
      {work.checks.length === 0 && <div className={classes.empty}>{t("work.no_checks")}</div>}
      {lists.map((list) => (
        <ul key={list} className={classes.list} aria-label={list}>
          {lists.length > 1 && <li className={classes.group}>{list}</li>}
          {work.checks
            .filter((check) => listOf(check) === list)
            .map((check) => (
              <Item key={check.id} check={check} mayWrite={mayWrite} />
            ))}
        </ul>
      ))}
      {mayWrite && <AddCheck ticketId={ticket.id} />}
    </Section>
  );
}

function Item({ check, mayWrite }: { check: Check; mayWrite: boolean }) {
  const { t, language } = useText();
  const tick = useWorkVerb("POST /ticket-checks/{id}/tick");
  const untick = useWorkVerb("POST /ticket-checks/{id}/untick");
  const remove = useWorkVerb("DELETE /ticket-checks/{id}");
  const text = language === "ja" ? check.text_ja : check.text_en;
  const path = { id: check.id! };
  return (
    <li className={classes.row}>
      <Checkbox
        className={classes.check}
        size="sm"
        label={text}
        checked={Boolean(check.done_at)}
        disabled={!mayWrite || tick.isBusy || untick.isBusy}
        onChange={() => (check.done_at ? untick : tick).run({ path })}
        description={
          check.done_at && (
            <>
              {check.done_by_name} <RelativeTime at={check.done_at} />
            </>
          )
        }
      />
      {mayWrite && !check.done_at && (
        <RemoveButton label={t("work.remove_check", { name: text })} onClick={() => remove.run({ path })} />
      )}
    </li>
  );
}

function AddList({ ticket, work }: WorkProps) {
  const { t, named } = useText();
  const [isOpen, setOpen] = useState(false);
  const templates = useRead("GET /checklist-templates", {
    query: { active: true, limit: 100 } as never,
    enabled: isOpen,
  });
  const add = useWorkVerb("POST /tickets/{id}/checklists");
  const has = new Set(work.checks.map((check) => check.template_id));
  const offered = (templates.data?.items ?? []).filter(
    (one) => !has.has(one.id) && (!one.category_id || one.category_id === ticket.category_id),
  );
  return (
    <Menu position="bottom-end" onChange={setOpen}>
      <Menu.Target>
        <Button size="compact-xs" variant="default">
          {t("work.add_list")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.length === 0 && <Menu.Label>{t("work.no_templates")}</Menu.Label>}
        {offered.map((one) => (
          <Menu.Item
            key={one.id}
            onClick={() => add.run({ path: { id: ticket.id }, body: { template_id: one.id } })}
          >
            {named(one)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function AddCheck({ ticketId }: { ticketId: string }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const add = useWorkVerb("POST /tickets/{id}/checks");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add.run({ path: { id: ticketId }, body: { text } }, () => setText(""));
  };
  return (
    <div className={classes.foot}>
      <form onSubmit={send}>
        <TextInput
          size="xs"
          aria-label={t("work.new_check")}
          placeholder={t("work.new_check")}
          maxLength={300}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          variant="default"
          px={8}
          aria-label={t("work.add_check")}
          disabled={!text.trim()}
          loading={add.isBusy}
        >
          <IconPlus size={14} aria-hidden />
        </Button>
      </form>
    </div>
  );
}
