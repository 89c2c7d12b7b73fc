/* CategoryChoice: what a case can be about, as far as the contract includes it. */
import { useRead } from "@/api/queries";
import { useText } from "@/text";
import type { Control } from "@/ui/fields";
import { Loaded } from "@/ui/Page";
import { ChoiceCards } from "./ChoiceCards";

const SERVICES = ["inquiry", "mdr", "premium", "mss"];
const rankOf = (row: { service: string | null }) => SERVICES.indexOf(row.service ?? "");

export function CategoryChoice({ control, plan }: { control: Control; plan: string | null | undefined }) {
  const { field, value } = useText();
  const categories = useRead("GET /ticket-categories", { query: { limit: 100 } as never });
  return (
    <Loaded of={categories}>
      {(data) => (
        <ChoiceCards
          label={field("category_id", "ticket")}
          name={control.name}
          cards={data.items
            .filter((row) => row.active && (!plan || (row.plans ?? []).includes(plan)))
            .toSorted((a, b) => rankOf(a) - rankOf(b) || a.position - b.position)
            .map((row) => ({
              value: row.id,
              title: row.name,
              hint: row.hint,
              group: value("service", row.service),
            }))}
          value={(control.value as string) || null}
          onChange={control.onChange}
          error={control.error}
        />
      )}
    </Loaded>
  );
}
