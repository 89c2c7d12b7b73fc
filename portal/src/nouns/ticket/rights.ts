/* rights: who may write in cases. Whoever looks as a customer reads what the customer reads, and writes nothing: it
 * would stand there in the customer's name. */
import { useSession } from "@/api/session";

export function useMayWrite(): boolean {
  const { session, may } = useSession();
  return may("tickets:use") && !session?.acting_tenant;
}
