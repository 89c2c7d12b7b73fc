/* ConfirmDialog: asks before what cannot be taken back, and runs it while the dialog stands. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useText } from "@/text";
import type { Confirmation } from "./confirm";
import { Note } from "./Note";

export default function ConfirmDialog({ ask, onClose }: { ask: Confirmation; onClose: () => void }) {
  const { t } = useText();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const close = () => {
    setProblem(null);
    onClose();
  };
  const run = async () => {
    setBusy(true);
    try {
      await ask.run();
      close();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={ask.title} closeButtonProps={{ "aria-label": t("action.close") }}>
      <Stack>
        <Text component="div">{ask.text}</Text>
        {problem && (
          <Note tone="bad" role="alert" title={problem.title || t("state.failed")}>
            {problem.detail}
          </Note>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button color={ask.isDangerous ? "red" : undefined} loading={isBusy} onClick={() => void run()}>
            {ask.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
