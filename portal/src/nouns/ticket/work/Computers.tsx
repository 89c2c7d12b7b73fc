import { Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { Section } from "@/ui/Page";
import { To } from "@/ui/To";
import { useMayWrite } from "../rights";
import { RemoveButton } from "./RemoveButton";
import type { WorkProps } from "./TicketWork";
import { useWorkVerb } from "./useWorkVerb";
import classes from "./Work.module.css";

export function Computers({ ticket, work }: WorkProps) {
  const { t } = useText();
  const mayWrite = useMayWrite();
  const { may } = useSession();
  const [isAdding, setAdding] = useState(false);
  const remove = useWorkVerb("DELETE /ticket-computers/{id}");
  return (
    <Section
      title={t("work.computers")}
      flush
      actions={
        mayWrite && (
          <Button size="compact-xs" variant="default" onClick={() => setAdding(true)}>
            {t("work.add")}
          </Button>
        )
      }
    >
      {work.computers.length === 0 ? (
        <div className={classes.empty}>{t("work.no_computers")}</div>
      ) : (
        <ul className={classes.list}>
          {work.computers.map((one) => (
            <li key={one.id} className={classes.row}>
              <span className={classes.grow}>
                {one.computer_id && may("computers:read") ? (
                  <To to={`/computers/${one.computer_id}`}>
                    <b>{one.name}</b>
                  </To>
                ) : (
                  <b>{one.name}</b>
                )}
                {one.address && <small className="y-num">{one.address}</small>}
              </span>
              {mayWrite && (
                <RemoveButton
                  label={t("work.remove_computer", { name: one.name })}
                  onClick={() => remove.run({ path: { id: one.id } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <FormDialog title={t("work.add_computers")} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddComputers ticketId={ticket.id} onClose={() => setAdding(false)} />
      </FormDialog>
    </Section>
  );
}

/* A line per computer: its name, and after a space or a comma its address. Lists are pasted, not typed. */
const entriesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim().split(/[\s,、]+/))
    .filter(([name]) => name)
    .map(([name, address]) => ({ name, address: address || null }));

const EXAMPLE = "PC-0231 192.0.2.31\nFS01";

function AddComputers({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const add = useWorkVerb("POST /tickets/{id}/computers");
  const entries = entriesOf(text);
  return (
    <>
      <Textarea
        label={t("work.computer_lines")}
        description={t("work.computer_lines_hint")}
        placeholder={EXAMPLE}
        autosize
        minRows={4}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="space-between" mt="md">
        <Text size="sm" c="dimmed">
          {t("work.computer_count", { n: entries.length })}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button
            disabled={entries.length === 0}
            loading={add.isBusy}
            onClick={() =>
              add.run({ path: { id: ticketId }, body: { computers: entries as never } }, onClose)
            }
          >
            {t("work.add")}
          </Button>
        </Group>
      </Group>
    </>
  );
}
