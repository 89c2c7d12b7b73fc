/* slots: places on the page of a detection for what is told from stored events: the process tree and the timeline of
 * the computer around it. */
import type { Out } from "@/api/client";

export function ProcessTreeSlot(_: { detection: Out<"GET /detections/{id}"> }) {
  return null;
}

export function HostTimelineSlot(_: { detection: Out<"GET /detections/{id}"> }) {
  return null;
}
