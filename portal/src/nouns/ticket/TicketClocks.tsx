/* TicketClocks: the promises of a case, the latest life first, for both sides the same. */
import { Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useQuery } from "@tanstack/react-query";
import type { Item } from "@/api/client";
import { readOptions } from "@/api/queries";
import { useText } from "@/text";
import { ClockPanel } from "@/ui/ClockPanel";
import { Loaded, Section } from "@/ui/Page";

const load = () => import("./Disputes");
const DisputeButton = lazy(() => load().then((module) => ({ default: module.DisputeButton })));
const OpenDisputes = lazy(() => load().then((module) => ({ default: module.OpenDisputes })));

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
          return views.map((view) => (
            <ClockPanel
              key={view.id}
              view={view}
              hasOthers={hasOthers}
              under={(line) =>
                line.event === "paused" && (
                  <Suspense>
                    <DisputeButton ticketId={ticket.id} view={view} line={line} />
                  </Suspense>
                )
              }
            >
              {(view.lines ?? []).some((line) => line.event === "disputed") && (
                <Suspense>
                  <OpenDisputes ticketId={ticket.id} view={view} />
                </Suspense>
              )}
            </ClockPanel>
          ));
        }}
      </Loaded>
    </Section>
  );
}
