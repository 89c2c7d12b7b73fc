/* CommandPalette: Ctrl-K, a few letters, Enter. Finds pages here and objects on the server. */
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useRead } from "@/api/queries";
import { useSession } from "@/api/session";
import { useText } from "@/text";
import {
  IconBuilding,
  IconChevronRight,
  IconKey,
  IconMail,
  IconShield,
  IconUser,
  type Icon,
} from "@/ui/icons";
import { useGo } from "@/ui/nav";
import { PickList, type Choice } from "@/ui/PickList";
import { pages } from "./pages";
import { mayOpen } from "./router";

interface Place extends Choice {
  to: string;
}

/* Where an object of a kind is shown. */
const KINDS: Record<string, { icon: Icon; to: (id: string) => string }> = {
  tenant: { icon: IconBuilding, to: (id) => `/tenants/${id}` },
  person: { icon: IconUser, to: (id) => `/people/${id}` },
  permission_set: { icon: IconShield, to: (id) => `/permission-sets/${id}` },
  api_key: { icon: IconKey, to: () => "/api-keys" },
  mail: { icon: IconMail, to: (id) => `/mails/${id}` },
};

interface Found {
  kind: string | null;
  id: string;
  title: string | null;
  subtitle: string | null;
}

function useChoices(typed: string): { pages: Place[]; found: Place[] } {
  const { t } = useText();
  const { session } = useSession();
  const [q] = useDebouncedValue(typed.trim(), 200);
  const search = useRead("GET /search", { query: { q }, enabled: q.length >= 2 });
  const needle = typed.trim().toLowerCase();
  const matching = pages
    .filter((row) => row.group && mayOpen(session, row))
    .map((row) => ({
      key: row.key,
      title: t(`page.${row.key}`),
      icon: row.icon ?? IconChevronRight,
      to: row.path,
    }))
    .filter((choice) => `${choice.title} ${choice.key}`.toLowerCase().includes(needle));
  const answer = search.data as unknown as Found[] | { items: Found[] } | undefined;
  const rows = q.length >= 2 ? (Array.isArray(answer) ? answer : (answer?.items ?? [])) : [];
  const found = rows.flatMap((row) => {
    const kind = KINDS[row.kind ?? ""];
    return kind
      ? [
          {
            key: `${row.kind}/${row.id}`,
            title: row.title ?? "",
            subtitle: row.subtitle ?? "",
            icon: kind.icon,
            to: kind.to(row.id),
          },
        ]
      : [];
  });
  return { pages: matching, found };
}

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal.Root opened onClose={onClose} size={600} yOffset="12vh">
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={t("palette.open")} radius="md">
        <Palette onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const go = useGo();
  const [typed, setTyped] = useState("");
  const { found, pages } = useChoices(typed);
  return (
    <PickList
      hint={t("palette.hint")}
      listLabel={t("palette.results")}
      typed={typed}
      onType={setTyped}
      groups={[
        // Pages first: what the server finds comes later and must not move what is about to be taken.
        { title: t("palette.pages"), choices: pages },
        { title: t("palette.found"), choices: found },
      ]}
      onTake={(choice) => {
        onClose();
        void go(choice.to);
      }}
    />
  );
}
