import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { FormDialog } from "@/ui/FormDialog";
import { LookupOne } from "@/ui/Lookup";
import { Section } from "@/ui/Page";
import { useMayWrite } from "../rights";
import { RemoveButton } from "./RemoveButton";
import type { WorkProps } from "./TicketWork";
import { useWorkVerb } from "./useWorkVerb";
import classes from "./Work.module.css";

export function Watchers({ ticket, work }: WorkProps) {
  const { t, value } = useText();
  const { session, isProvider } = useSession();
  const mayWrite = useMayWrite();
  const [isAdding, setAdding] = useState(false);
  const watch = useWorkVerb("POST /tickets/{id}/watch");
  const unwatch = useWorkVerb("POST /tickets/{id}/unwatch");
  const path = { id: ticket.id };
  const mine = work.watching ? unwatch : watch;
  return (
    <Section
      title={t("work.watchers")}
      flush
      actions={
        !session?.acting_tenant && (
          <>
            <Button
              size="compact-xs"
              variant="default"
              loading={mine.isBusy}
              onClick={() => mine.run({ path, body: {} })}
            >
              {t(work.watching ? "work.unwatch" : "work.watch")}
            </Button>
            {mayWrite && (
              <Button size="compact-xs" variant="default" onClick={() => setAdding(true)}>
                {t("work.add_watcher")}
              </Button>
            )}
          </>
        )
      }
    >
      {work.watchers.length === 0 ? (
        <div className={classes.empty}>{t("work.no_watchers")}</div>
      ) : (
        <ul className={classes.list}>
          {work.watchers.map((one) => (
            <li key={one.person_id} className={classes.row}>
              <span className={classes.grow}>
                {one.person_name}
                {isProvider && <small>{value("side", one.side)}</small>}
              </span>
              {mayWrite && (
                <RemoveButton
                  label={t("work.remove_watcher", { name: one.person_name })}
                  onClick={() => unwatch.run({ path, body: { person_id: one.person_id } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <FormDialog title={t("work.add_watcher")} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddWatcher ticketId={ticket.id} onClose={() => setAdding(false)} />
      </FormDialog>
    </Section>
  );
}

function AddWatcher({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const { t } = useText();
  const [person, setPerson] = useState<string | null>(null);
  const watch = useWorkVerb("POST /tickets/{id}/watch");
  return (
    <>
      <LookupOne
        name="person_id"
        label={t("work.watcher")}
        description={t("work.watcher_hint")}
        query={{ status: "active" }}
        value={person}
        onChange={setPerson}
      />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button
          disabled={!person}
          loading={watch.isBusy}
          onClick={() => watch.run({ path: { id: ticketId }, body: { person_id: person } }, onClose)}
        >
          {t("work.add")}
        </Button>
      </Group>
    </>
  );
}
