import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { call, type Body } from "@/api/client";
import { useRefresh } from "@/api/queries";
import { useText } from "@/text";
import { BulkDialog } from "@/ui/BulkDialog";
import { FormDialog } from "@/ui/FormDialog";
import { LookupOne } from "@/ui/Lookup";
import type { BulkVerb, Ticket } from "../bulk";
import TagsField from "./TagsField";

type Asked = Body<"POST /tickets/bulk">;
type Words = Pick<Asked, "assignee_id" | "tags" | "severity" | "reason" | "team">;

const NEEDS: Partial<Record<BulkVerb, Array<keyof Words>>> = {
  assign: ["assignee_id"],
  tag: ["tags"],
  severity: ["severity", "reason"],
  team: ["team"],
  resolve: ["reason"],
};
const MAY_BE_EMPTY: string[] = ["assignee_id", "team"];

export default function TicketBulk({
  verb,
  rows,
  onClose,
}: {
  verb: BulkVerb;
  rows: Ticket[];
  onClose: () => void;
}) {
  const { t } = useText();
  const refresh = useRefresh();
  const needs = NEEDS[verb] ?? [];
  const [words, setWords] = useState<Words>({});
  const [isReady, setReady] = useState(needs.length === 0);
  const title = t(`ticket.bulk.${verb}`);
  if (!isReady)
    return (
      <FormDialog title={title} isOpen onClose={onClose}>
        <Needs needs={needs} words={words} rows={rows} onChange={setWords} />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button disabled={!isFilled(needs, words)} onClick={() => setReady(true)}>
            {t("work.bulk_check")}
          </Button>
        </Group>
      </FormDialog>
    );
  return (
    <BulkDialog
      ask={{
        title,
        action: title,
        rows: rows.map((row) => ({ id: row.id, name: `${row.reference} ${row.subject}` })),
        run: async (dry_run) => {
          const items = rows.map(({ id, version }) => ({ id, version }));
          const body = { action: verb, items, dry_run, ...words } as unknown as Asked;
          const out = await call("POST /tickets/bulk", { body });
          if (!dry_run) await refresh("tickets", "ticket-tags", "audit");
          return out.items;
        },
      }}
      onClose={onClose}
    />
  );
}

const isFilled = (needs: Array<keyof Words>, words: Words) =>
  needs.every((name) => MAY_BE_EMPTY.includes(name) || (words[name]?.length ?? 0) > 0);

function Needs({
  needs,
  words,
  rows,
  onChange,
}: {
  needs: Array<keyof Words>;
  words: Words;
  rows: Ticket[];
  onChange: (words: Words) => void;
}) {
  const { t, field, value } = useText();
  const set = (change: Words) => onChange({ ...words, ...change });
  const tenant = new Set(rows.map((row) => row.tenant_id)).size === 1 ? rows[0]?.tenant_id : undefined;
  return (
    <Stack>
      {needs.includes("assignee_id") && (
        <LookupOne
          name="assignee_id"
          label={field("assignee_id", "ticket")}
          description={t("work.assign_hint")}
          value={words.assignee_id ?? null}
          onChange={(assignee_id) => set({ assignee_id: assignee_id ?? undefined })}
        />
      )}
      {needs.includes("tags") && (
        <TagsField tenant={tenant ?? undefined} value={words.tags ?? []} onChange={(tags) => set({ tags })} />
      )}
      {needs.includes("team") && (
        <TextInput
          label={field("team", "ticket")}
          maxLength={60}
          value={words.team ?? ""}
          onChange={(event) => set({ team: event.currentTarget.value })}
        />
      )}
      {needs.includes("severity") && (
        <Select
          label={field("severity", "ticket")}
          data={["a", "b", "c"].map((word) => ({ value: word, label: value("severity", word) }))}
          value={(words.severity as string) ?? null}
          onChange={(severity) => set({ severity: severity as never })}
        />
      )}
      {needs.includes("reason") && (
        <Textarea
          label={field("reason", "ticket_verb")}
          description={t("work.reason_hint")}
          autosize
          minRows={3}
          maxLength={1000}
          value={words.reason ?? ""}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
