/* TenantSwitcher: one customer, or all of them. It narrows every list of this tab. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { clientState } from "@/api/client";
import { useRead } from "@/api/queries";
import { chooseTenant } from "@/api/session";
import { useText } from "@/text";
import { Flyout } from "@/ui/Flyout";
import { IconBuilding, IconSelector } from "@/ui/icons";

const TenantList = lazy(() => import("./TenantList"));

export function TenantSwitcher() {
  const { t } = useText();
  const cache = useQueryClient();
  const [chosen, setChosen] = useState(clientState.tenantId);
  const current = useRead("GET /tenants/{id}", { path: { id: chosen }, enabled: chosen !== "" });
  const choose = (id: string) => {
    setChosen(id);
    chooseTenant(cache, id);
  };
  const shown = chosen ? (current.data?.name ?? "…") : t("shell.all_tenants");
  return (
    <Flyout
      width={340}
      label={t("shell.tenant_switch")}
      isFlush
      button={
        <Button
          variant={chosen ? "light" : "default"}
          size="xs"
          maw={280}
          aria-label={`${t("shell.tenant_switch")}: ${shown}`}
          leftSection={<IconBuilding size={15} aria-hidden />}
          rightSection={<IconSelector size={14} aria-hidden />}
        >
          {shown}
        </Button>
      }
    >
      {(close) => (
        <Suspense>
          <TenantList
            chosen={chosen}
            onChoose={(id) => {
              choose(id);
              close();
            }}
          />
        </Suspense>
      )}
    </Flyout>
  );
}
