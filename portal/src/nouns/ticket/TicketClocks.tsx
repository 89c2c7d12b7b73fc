/* TicketClocks: the promises of a case, the latest life first, for both sides the same. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Item } from "@/api/client";
import { readOptions } from "@/api/queries";
import { useText } from "@/text";
import { ClockPanel } from "@/ui/ClockPanel";
import { Loaded, Section } from "@/ui/Page";

const EVERY_MS = 60_000;

export function TicketClocks({ ticket }: { ticket: Item<"GET /tickets"> }) {
  const { t } = useText();
  const clocks = useQuery({
    ...readOptions("GET /tickets/{id}/clocks", { path: { id: ticket.id } }),
    refetchInterval: ticket.due_at ? EVERY_MS : false,
  });
  return (
    <Section title={t("clock.title")} lead={t("clock.lead")}>
      <Loaded of={clocks}>
        {(data) => {
          const views = (data.items ?? []).toReversed();
          if (views.length === 0) return <Text c="dimmed">{t("clock.none")}</Text>;
          const hasOthers = views.some((view) => view.cycle > 1);
          return views.map((view) => <ClockPanel key={view.id} view={view} hasOthers={hasOthers} />);
        }}
      </Loaded>
    </Section>
  );
}
