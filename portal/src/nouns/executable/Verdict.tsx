import { StatusBadge } from "@/ui/StatusBadge";

const TONES = { clean: "ok", unwanted: "warn", malicious: "bad" } as const;

export function Verdict({ of }: { of: string | null | undefined }) {
  if (!of) return <span>{"–"}</span>;
  return <StatusBadge field="reputation" word={of} tone={TONES[of as keyof typeof TONES]} />;
}
