/* ScopeChoice: where an exclusion holds: on the detection's computer, on those of a group, or everywhere. */
import { NativeSelect, SegmentedControl, Stack } from "@mantine/core";
import type { Out } from "@/api/client";
import { useRead } from "@/api/queries";
import { useText } from "@/text";

export interface Scope {
  scope: "computer" | "group" | "all";
  scope_id?: string;
}

interface Props {
  tenant: string | null;
  proposal?: Out<"GET /detections/{id}/exclusion-proposal">;
  value: Scope;
  onChange: (next: Scope) => void;
}

export function ScopeChoice({ tenant, proposal, value, onChange }: Props) {
  const { t } = useText();
  const choose = (scope: string) =>
    onChange({
      scope: scope as Scope["scope"],
      scope_id: (scope === "computer" && proposal?.computer_id) || undefined,
    });
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label={t("exclusion.where")}
        value={value.scope}
        onChange={choose}
        data={[
          ...(proposal?.computer_id
            ? [{ value: "computer", label: t("exclusion.only_on", { name: proposal.computer_name }) }]
            : []),
          { value: "group", label: t("exclusion.on_group") },
          { value: "all", label: t("exclusion.on_all") },
        ]}
      />
      {value.scope === "group" && tenant && <GroupChoice tenant={tenant} value={value} onChange={onChange} />}
    </Stack>
  );
}

function GroupChoice({ tenant, value, onChange }: { tenant: string; value: Scope; onChange: Props["onChange"] }) {
  const { t, value: word } = useText();
  const groups = useRead("GET /computer-groups/tree", { query: { tenant_id: tenant } }).data?.groups ?? [];
  return (
    <NativeSelect
      label={t("exclusion.group")}
      description={t("exclusion.group_hint")}
      value={value.scope_id ?? ""}
      onChange={(event) => onChange({ scope: "group", scope_id: event.currentTarget.value || undefined })}
      data={[
        { value: "", label: t("exclusion.group_choose") },
        ...groups.map((one) => ({
          value: one.id,
          label: `${one.builtin ? word("computer_group", one.builtin) : one.name} (${one.computers ?? 0})`,
        })),
      ]}
    />
  );
}
