/* BulkDialog: a verb on many objects. The server is asked first what would happen, and only then told to do it;
 * both answers have a result per object. */
import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import { ErrorState } from "./ErrorState";
import { FormDialog } from "./FormDialog";
import { StatusBadge } from "./StatusBadge";
import classes from "./BulkDialog.module.css";

export interface BulkResult {
  id: string;
  ok?: boolean | null;
  code?: string | null;
  message?: string | null;
}

export interface BulkAsk {
  title: string;
  action: string;
  isDangerous?: boolean;
  rows: Array<{ id: string; name: string }>;
  run: (isDry: boolean) => Promise<BulkResult[]>;
}

type Step = { at: "looking" | "ready" | "running" | "done"; results: BulkResult[]; problem?: Problem };

const isFine = (result: BulkResult | undefined) => Boolean(result?.ok ?? !result?.code);

export function BulkDialog({ ask, onClose }: { ask: BulkAsk | null; onClose: () => void }) {
  return (
    <FormDialog title={ask?.title ?? ""} isOpen={ask !== null} onClose={onClose}>
      {ask && <BulkSteps ask={ask} onClose={onClose} />}
    </FormDialog>
  );
}

function BulkSteps({ ask, onClose }: { ask: BulkAsk; onClose: () => void }) {
  const { t } = useText();
  const [step, setStep] = useState<Step>({ at: "looking", results: [] });
  const run = async (isDry: boolean) => {
    setStep((now) => ({ ...now, at: isDry ? "looking" : "running" }));
    try {
      const results = await ask.run(isDry);
      setStep({ at: isDry ? "ready" : "done", results });
    } catch (error) {
      setStep((now) => ({ ...now, problem: asProblem(error) }));
    }
  };
  useEffect(() => void run(true), []);
  if (step.problem) return <ErrorState error={step.problem} />;
  if (step.at === "looking")
    return (
      <Group justify="center" p="xl">
        <Loader size="sm" />
      </Group>
    );
  const fine = step.results.filter(isFine).length;
  const isDone = step.at === "done";
  return (
    <Stack>
      <Text role="status">
        {t(isDone ? "bulk.done" : "bulk.preview", { fine, refused: step.results.length - fine })}
      </Text>
      <ul className={classes.list}>
        {ask.rows.map((row) => {
          const result = step.results.find((one) => one.id === row.id);
          return (
            <li key={row.id}>
              <span>{row.name}</span>
              {!isFine(result) && (
                <Text span size="xs" c="dimmed">
                  {result?.message}
                </Text>
              )}
              <StatusBadge
                field="bulk"
                word={isFine(result) ? "ok" : "refused"}
                tone={isFine(result) ? "ok" : "warn"}
                label={t(isFine(result) ? (isDone ? "bulk.did" : "bulk.would") : "bulk.refused")}
              />
            </li>
          );
        })}
      </ul>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t(isDone ? "action.close" : "action.cancel")}
        </Button>
        {!isDone && (
          <Button
            color={ask.isDangerous ? "red" : undefined}
            disabled={fine === 0}
            loading={step.at === "running"}
            onClick={() => void run(false)}
          >
            {ask.action}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
