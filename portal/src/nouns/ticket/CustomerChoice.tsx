import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { LookupOne } from "@/ui/Lookup";

export default function CustomerChoice({
  control,
  onChoose,
}: {
  control: Control;
  onChoose: (id: string) => void;
}) {
  const { field } = useText();
  return (
    <LookupOne
      name="tenant_id"
      label={field("tenant_id")}
      required
      query={{ kind: "customer" }}
      value={(control.value as string | null) ?? null}
      error={control.error}
      onChange={(id) => {
        control.onChange(id);
        onChoose(id ?? "");
      }}
    />
  );
}
