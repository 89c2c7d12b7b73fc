import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import { PickList } from "@/ui/PickList";

/* The server searches: a provider may have more customers than one page. */
export default function TenantList({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const tenants = useRead("GET /tenants", {
    query: { q, limit: 50, sort: "name", kind: "customer" } as never,
  });
  const rows = (tenants.data?.items ?? []).map((row) => ({
    key: row.id,
    title: row.name ?? "",
    subtitle: row.short_code ?? "",
    isChosen: row.id === chosen,
  }));
  const all = q ? [] : [{ key: "", title: t("shell.all_tenants"), subtitle: "", isChosen: !chosen }];
  return (
    <PickList
      hint={t("shell.find_tenant")}
      listLabel={t("shell.tenant_switch")}
      typed={typed}
      onType={setTyped}
      groups={[{ choices: [...all, ...rows] }]}
      onTake={(choice) => onChoose(choice.key)}
    />
  );
}
