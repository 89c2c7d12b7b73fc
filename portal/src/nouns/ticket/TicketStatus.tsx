/* TicketStatus: where a case stands, in the words of the side that reads it. */
import { useSession } from "@/api/session";
import { useText } from "@/text";
import { StatusBadge } from "@/ui/StatusBadge";

export function TicketStatus({ word }: { word: string | null }) {
  const { isProvider } = useSession();
  const { value } = useText();
  const label = isProvider ? undefined : value("ticket_status_customer", word);
  return <StatusBadge field="ticket_status" word={word} label={label} />;
}
