/* MergeView: somebody was faster. Field by field: what I wrote, what stands there now, and which of the two it shall
 * be. Where only one of us changed a field, that change is chosen already; where both did, the reader decides. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Body, type Item } from "@/api/client";
import { useVerb } from "@/api/queries";
import { useText } from "@/text";
import { Loaded } from "@/ui/Page";
import { Note } from "@/ui/Note";
import classes from "./MergeView.module.css";

type Ticket = Item<"GET /tickets">;
type Words = Body<"PUT /tickets/{id}">;
type Field = "subject" | "description" | "tags" | "team";
type Choice = "mine" | "theirs";

const FIELDS: Field[] = ["subject", "description", "tags", "team"];

interface MergeProps {
  base: Ticket;
  mine: Words;
  onDone: () => void;
  onCancel: () => void;
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));
const same = (a: unknown, b: unknown) => shown(a) === shown(b);

export default function MergeView(props: MergeProps) {
  const [turn, setTurn] = useState(0);
  const latest = useQuery({
    queryKey: ["merge", props.base.id, turn],
    queryFn: ({ signal }) => call("GET /tickets/{id}", { path: { id: props.base.id }, signal }),
    gcTime: 0,
  });
  return (
    <Loaded of={latest}>
      {(theirs) => (
        <Merge key={theirs.version} {...props} theirs={theirs} onAgain={() => setTurn((now) => now + 1)} />
      )}
    </Loaded>
  );
}

interface SidesProps extends MergeProps {
  theirs: Ticket;
  onAgain: () => void;
}

function Merge({ base, mine, theirs, onDone, onCancel, onAgain }: SidesProps) {
  const { t, field } = useText();
  const differing = FIELDS.filter((name) => !same(mine[name], theirs[name]));
  const [chosen, choose] = useState<Partial<Record<Field, Choice>>>(() =>
    Object.fromEntries(
      differing.flatMap((name): Array<[Field, Choice]> => {
        if (same(theirs[name], base[name])) return [[name, "mine"]];
        return same(mine[name], base[name]) ? [[name, "theirs"]] : [];
      }),
    ),
  );
  const save = useVerb("PUT /tickets/{id}", ["audit"]);
  const isDecided = differing.every((name) => chosen[name]);
  const send = () => {
    const words = FIELDS.map((name) => [name, chosen[name] === "mine" ? mine[name] : theirs[name]]);
    const body = Object.fromEntries(words.filter(([, value]) => value !== null && value !== undefined)) as Words;
    save.mutate(
      { path: { id: base.id }, version: theirs.version, body },
      { onSuccess: onDone, onError: (problem) => problem.status === 412 && onAgain() },
    );
  };
  return (
    <Stack gap="md">
      <Note tone="warn" role="alert" title={t("merge.stale")}>
        {t(differing.length > 0 ? "merge.hint" : "merge.nothing")}
      </Note>
      {save.error && save.error.status !== 412 && (
        <Note tone="bad" role="alert" title={save.error.title || t("state.unreachable")} />
      )}
      {differing.map((name) => (
        <fieldset key={name} className={classes.field}>
          <legend>{field(name, "ticket")}</legend>
          <div className={classes.sides}>
            {(["mine", "theirs"] as const).map((side) => (
              <label key={side} className={classes.side}>
                <input
                  type="radio"
                  name={name}
                  checked={chosen[name] === side}
                  onChange={() => choose((now) => ({ ...now, [name]: side }))}
                />
                <span>
                  <b>{t(`merge.${side}`)}</b>
                  <span className={classes.words}>
                    {shown((side === "mine" ? mine : theirs)[name]) || t("merge.empty")}
                  </span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      {!isDecided && (
        <Text size="sm" c="dimmed">
          {t("merge.decide")}
        </Text>
      )}
      <Group gap="xs" justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
        <Button loading={save.isPending} disabled={!isDecided} onClick={differing.length > 0 ? send : onDone}>
          {t("merge.save")}
        </Button>
      </Group>
    </Stack>
  );
}
