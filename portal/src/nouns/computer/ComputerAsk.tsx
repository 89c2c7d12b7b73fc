/* ComputerAsk: the form of one verb on a computer. */
import type { Out } from "@/api/client";
import { useText } from "@/text";
import { Form } from "@/ui/Form";

const LAYOUTS = { tag: ["tags"], mute: ["until"], note: ["note"], join: ["group_id"] } as const;

export default function ComputerAsk({
  asked,
  computer,
  onClose,
}: {
  asked: keyof typeof LAYOUTS;
  computer: Out<"GET /computers/{id}">;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <Form
      route="POST /computers/{id}/act"
      noun="computer"
      path={{ id: computer.id }}
      layout={[...LAYOUTS[asked]] as never}
      initial={{ note: computer.note } as never}
      lookups={{ group_id: { kind: "static", tenant_id: computer.tenant_id } }}
      prepare={(body) => ({ ...body, action: asked })}
      alsoChanges={["audit", "computer-groups"]}
      submit={t(`computer.verb.${asked}`)}
      onCancel={onClose}
      onDone={onClose}
    />
  );
}
