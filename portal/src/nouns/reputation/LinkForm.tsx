/* LinkForm: a page of others, new or changed. */
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { Form } from "@/ui/Form";
import { notifyDone } from "@/ui/notify";
import type { Link } from "./ReputationPage";

export default function LinkForm({ link, onClose }: { link: Link | null; onClose: () => void }) {
  const { t } = useText();
  const { tenant, isProvider } = useSession();
  const common = {
    noun: "reputation_link",
    alsoChanges: ["audit"],
    onCancel: onClose,
    onDone: () => {
      notifyDone(t("state.saved"));
      onClose();
    },
  };
  if (link)
    return (
      <Form
        {...common}
        route="PUT /reputation-links/{id}"
        path={{ id: link.id }}
        version={link.version ?? undefined}
        layout={["name", "kind", "url"]}
        initial={link as never}
        submit={t("action.save")}
      />
    );
  return (
    <Form
      {...common}
      route="POST /reputation-links"
      layout={["tenant_id", "name", "kind", "url"]}
      initial={{ tenant_id: tenant?.id, kind: "hash" } as never}
      isHidden={(name) => name === "tenant_id" && !isProvider}
      submit={t("action.create")}
    />
  );
}
