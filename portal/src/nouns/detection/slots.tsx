/* slots: what is told from stored events on the page of a detection: the process tree and the timeline of the computer
 * around it. Blocks are read for them, so that they are asked for when somebody scrolls there. */
import { useIntersection } from "@mantine/hooks";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useText } from "@/text";
import { LoadingState } from "@/ui/LoadingState";
import { Section } from "@/ui/Page";
import classes from "./Trace.module.css";
import type { DetectionSeen } from "./rights";

const ProcessTree = lazy(() => import("./ProcessTree"));
const HostTimeline = lazy(() => import("./HostTimeline"));

interface SlotProps {
  detection: DetectionSeen;
}

export function ProcessTreeSlot({ detection }: SlotProps) {
  const { t } = useText();
  const { computer_name: host, process_guid: guid } = detection;
  if (!host || !guid) return null;
  return (
    <Section title={t("trace.tree")} lead={t("trace.tree_lead")}>
      <WhenSeen>
        <ProcessTree ask={{ tenant_id: detection.tenant_id, host, process_guid: guid, at: detection.first_at }} />
      </WhenSeen>
    </Section>
  );
}

export function HostTimelineSlot({ detection }: SlotProps) {
  const { t } = useText();
  if (!detection.computer_name) return null;
  return (
    <Section title={t("trace.timeline")} lead={t("trace.timeline_lead")}>
      <WhenSeen>
        <HostTimeline
          tenantId={detection.tenant_id}
          host={detection.computer_name}
          at={detection.first_at}
          guid={detection.process_guid ?? null}
        />
      </WhenSeen>
    </Section>
  );
}

function WhenSeen({ children }: { children: ReactNode }) {
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const [wasSeen, see] = useState(false);
  if (entry?.isIntersecting && !wasSeen) see(true);
  return (
    <div ref={ref} className={classes.place}>
      {wasSeen && <Suspense fallback={<LoadingState />}>{children}</Suspense>}
    </div>
  );
}
