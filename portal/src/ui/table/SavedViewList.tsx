/* SavedViewList: what stands in the opened box of views; downloaded when it is opened. */
import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useText } from "@/text";
import { IconLock, IconRefresh, IconTrash, IconUsers, type Icon } from "../icons";
import type { Words } from "../nav";
import { notifyDone, notifyProblem } from "../notify";
import classes from "./DataTable.module.css";
import type { ViewsProps } from "./SavedViews";

const readState = (state: unknown): Words =>
  typeof state === "object" && state !== null ? (state as Words) : {};

export default function SavedViewList({ page, state, onChoose }: ViewsProps) {
  const { t } = useText();
  const views = useRead("GET /saved-views", { query: { page } });
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
                {isMine(view) || !view.person_name
                  ? t("table.shared_mark")
                  : t("table.shared_by", { name: view.person_name })}
              </Text>
            )}
          </UnstyledButton>
          {isMine(view) && <OwnView view={view} state={state} />}
        </Group>
      ))}
      <SaveView page={page} state={state} />
    </Stack>
  );
}

type View = Item<"GET /saved-views">;

const isMine = (view: View) => view.can.includes("update");

/* One's own view: share it or keep it, let it mean what the list shows now, delete it. */
function OwnView({ view, state }: { view: View; state: Record<string, string> }) {
  const { t } = useText();
  const change = useVerb("PUT /saved-views/{id}");
  const remove = useVerb("DELETE /saved-views/{id}");
  const onError = (error: unknown) => notifyProblem(error, t("state.failed"));
  const save = (some: { shared?: boolean; state?: Record<string, string> }) =>
    change.mutate(
      {
        path: { id: view.id },
        version: view.version,
        body: { page: view.page, name: view.name, state: view.state, shared: view.shared, ...some },
      },
      { onSuccess: () => notifyDone(t("table.view_saved")), onError },
    );
  const acts: Array<[key: string, picture: Icon, run: () => void]> = [
    [view.shared ? "unshare_view" : "share_this_view", view.shared ? IconLock : IconUsers, () =>
      save({ shared: !view.shared })],
    ["update_view", IconRefresh, () => save({ state })],
    ["remove_view", IconTrash, () => remove.mutate({ path: { id: view.id } }, { onError })],
  ];
  return (
    <Group gap={2} wrap="nowrap">
      {acts.map(([key, Picture, run]) => (
        <ActionIcon
          key={key}
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t(`table.${key}`, { name: view.name })}
          title={t(`table.${key}`, { name: view.name })}
          onClick={run}
        >
          <Picture size={14} aria-hidden />
        </ActionIcon>
      ))}
    </Group>
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
