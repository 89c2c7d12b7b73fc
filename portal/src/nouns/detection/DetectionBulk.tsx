import { useState } from "react";
import { call, type Body } from "@/api/client";
import { useRefresh } from "@/api/queries";
import { useText } from "@/text";
import { BulkDialog } from "@/ui/BulkDialog";
import { Form } from "@/ui/Form";
import { FormDialog } from "@/ui/FormDialog";
import type { BulkVerb } from "./bulk";
import { titleOf, type Detection } from "./rights";

type Ask = Body<"POST /detections/bulk">;

export default function DetectionBulk({
  verb,
  rows,
  onClose,
}: {
  verb: BulkVerb;
  rows: Detection[];
  onClose: () => void;
}) {
  const { t, language } = useText();
  const refresh = useRefresh();
  const [words, setWords] = useState<Partial<Ask> | null>(verb === "take" ? {} : null);
  const title = t(`detection.verb.${verb}`);
  const about = { action: verb, ids: rows.map((row) => row.id) };
  if (!words) {
    return (
      <FormDialog title={title} isOpen onClose={onClose}>
        <Form
          route="POST /detections/bulk"
          noun="detection"
          layout={verb === "resolve" ? ["verdict", "reason"] : ["reason"]}
          prepare={(body) => ({ ...body, ...about, dry_run: true })}
          submit={t("detection.look")}
          onCancel={onClose}
          onDone={(_out, sent) => setWords({ verdict: sent.verdict, reason: sent.reason })}
        />
      </FormDialog>
    );
  }
  const run = async (isDry: boolean) => {
    const body = { ...words, ...about, dry_run: isDry } as Ask;
    const answer = await call("POST /detections/bulk", { body });
    if (!isDry) await refresh("detections", "detection-heaps");
    return answer.items ?? [];
  };
  return (
    <BulkDialog
      ask={{ title, action: title, rows: rows.map((row) => ({ id: row.id, name: titleOf(row, language) })), run }}
      onClose={onClose}
    />
  );
}
