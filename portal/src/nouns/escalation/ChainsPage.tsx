/* ChainsPage: who is told of deadlines: the standard chain, and those of single customers. */
import { Button } from "@mantine/core";
import { lazy, useState } from "react";
import type { Item } from "@/api/client";
import { useRead, useVerb } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { useConfirm } from "@/ui/confirm";
import { FormDialog } from "@/ui/FormDialog";
import { IconPlus } from "@/ui/icons";
import { notifyDone } from "@/ui/notify";
import { Loaded, Page, Section } from "@/ui/Page";
import { Steps } from "./Steps";

const ChainForm = lazy(() => import("./ChainForm"));

export type Chain = Item<"GET /escalation-chains">;

export default function ChainsPage() {
  const { t } = useText();
  const { may } = useSession();
  const chains = useRead("GET /escalation-chains", { query: { limit: 200 } });
  const [edited, edit] = useState<Chain | "new" | null>(null);
  return (
    <Page
      title={t("page.escalation_chains")}
      lead={t("escalation_chain.lead")}
      actions={
        may("calendars:write") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit("new")}>
            {t("escalation_chain.make")}
          </Button>
        )
      }
    >
      <Loaded of={chains}>
        {(data) =>
          data.items
            .toSorted((a, b) => Number(b.standard) - Number(a.standard))
            .map((chain) => <OneChain key={chain.id} chain={chain} onEdit={() => edit(chain)} />)
        }
      </Loaded>
      <FormDialog
        title={t(edited === "new" ? "escalation_chain.make" : "escalation_chain.edit")}
        isOpen={edited !== null}
        onClose={() => edit(null)}
      >
        <ChainForm chain={edited === "new" ? null : edited} onClose={() => edit(null)} />
      </FormDialog>
    </Page>
  );
}

function OneChain({ chain, onEdit }: { chain: Chain; onEdit: () => void }) {
  const { t } = useText();
  const remove = useVerb("DELETE /escalation-chains/{id}");
  const { confirm, dialog } = useConfirm();
  const title = chain.standard ? t("escalation_chain.standard") : (chain.tenant_name ?? chain.name);
  const ask = () =>
    confirm({
      title: t("action.delete"),
      text: t("escalation_chain.delete_text", { name: title }),
      action: t("action.delete"),
      isDangerous: true,
      run: async () => {
        await remove.mutateAsync({ path: { id: chain.id } });
        notifyDone(t("escalation_chain.deleted"));
      },
    });
  return (
    <Section
      title={title}
      lead={chain.standard ? t("escalation_chain.standard_lead") : chain.name}
      actions={
        <>
          {chain.can?.includes("delete") && (
            <Button size="xs" variant="default" c="var(--y-bad)" onClick={ask}>
              {t("action.delete")}
            </Button>
          )}
          {chain.can?.includes("update") && (
            <Button size="xs" variant="default" onClick={onEdit}>
              {t("action.edit")}
            </Button>
          )}
        </>
      }
    >
      <Steps of={chain.steps ?? []} />
      {dialog}
    </Section>
  );
}
