/* event-kinds: what kinds of events there are, as the server spells them. */

export const EVENT_KINDS = [
  "process_creation",
  "process_termination",
  "network_connection",
  "dns_query",
  "file_event",
  "file_delete",
  "registry_set",
  "registry_event",
  "image_load",
  "process_access",
  "create_remote_thread",
  "pipe_created",
  "ps_script",
  "wmi_event",
  "antivirus",
  "service:security",
  "service:system",
  "other",
] as const;

/** As the texts name it, where a colon means something else. */
export const kindKey = (kind: string | null | undefined) => (kind ?? "other").replaceAll(":", "_");
