/* Colour: how a computer stands, by its worst open detection; green, and said so, when there is none. */
import { useText } from "@/text";
import { Score } from "@/ui/Score";
import { StatusBadge } from "@/ui/StatusBadge";

export function Colour({ of }: { of: number | null | undefined }) {
  const { t } = useText();
  return of ? <Score of={of} /> : <StatusBadge field="any" word="ok" tone="ok" label={t("computer.clean")} />;
}
