/* SavedViewList: what stands in the opened box of views; downloaded when it is opened. */
import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { IconTrash } from "../icons";
import type { Words } from "../nav";
import { notifyDone, notifyProblem } from "../notify";
import classes from "./DataTable.module.css";
import type { ViewsProps } from "./SavedViews";

const readState = (state: unknown): Words =>
  typeof state === "object" && state !== null ? (state as Words) : {};

export default function SavedViewList({ page, state, onChoose }: ViewsProps) {
  const { t } = useText();
  const views = useRead("GET /saved-views", { query: { page } });
  const remove = useVerb("DELETE /saved-views/{id}");
  const rows = (views.data?.items ?? []).filter((view) => view.page === page);
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        {t("table.views")}
      </Text>
      {rows.length === 0 && (
        <Text size="xs" c="dimmed">
          {t("table.no_views")}
        </Text>
      )}
      {rows.map((view) => (
        <Group key={view.id} gap={4} wrap="nowrap" justify="space-between">
          <UnstyledButton className={classes.view} onClick={() => onChoose(readState(view.state))}>
            {view.name}
            {view.shared && (
              <Text span size="xs" c="dimmed">
                {t("table.shared_mark")}
              </Text>
            )}
          </UnstyledButton>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t("table.remove_view", { name: view.name })}
            onClick={() =>
              remove.mutate(
                { path: { id: view.id } },
                { onError: (error) => notifyProblem(error, t("state.failed")) },
              )
            }
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <SaveView page={page} state={state} />
    </Stack>
  );
}

function SaveView({ page, state }: { page: string; state: Record<string, string> }) {
  const { t } = useText();
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const save = useVerb("POST /saved-views");
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { body: { page, name: name.trim(), state, shared: isShared } },
      {
        onSuccess: () => (setName(""), notifyDone(t("table.view_saved"))),
        onError: (error) => notifyProblem(error, t("state.failed")),
      },
    );
  };
  return (
    <form onSubmit={send} className={classes.saveView}>
      <Stack gap="xs">
        <TextInput
          size="xs"
          label={t("table.save_view_as")}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="space-between">
          <Checkbox
            size="xs"
            label={t("table.share_view")}
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button type="submit" size="compact-xs" disabled={!name.trim()} loading={save.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
