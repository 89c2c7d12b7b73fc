/* sets: the provider's permission sets by their keys, since a chain names them so. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";

export function useSets() {
  const { named } = useText();
  const sets = useRead("GET /permission-sets", { query: { side: "provider", limit: 200 } });
  return (sets.data?.items ?? []).map((row) => ({ value: row.key ?? "", label: named(row) }));
}

export function useSetName() {
  const sets = useSets();
  return (key: string) => sets.find((one) => one.value === key)?.label ?? key;
}
