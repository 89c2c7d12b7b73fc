/* FreshFactorGate: some actions ask the person to prove the second factor again. The client waits here and repeats
 * the call; the page that asked knows nothing of it. The dialog is loaded when it is needed. */
import { lazy, Suspense, useEffect, useState } from "react";
import { clientState } from "@/api/client";

const FreshFactorDialog = lazy(() => import("./FreshFactorDialog"));

type Answer = (isProven: boolean) => void;

export function FreshFactorGate() {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    clientState.askFreshFactor = () => new Promise<boolean>((resolve) => setAnswer(() => resolve));
    return () => {
      clientState.askFreshFactor = undefined;
    };
  }, []);
  if (!answer) return null;
  return (
    <Suspense>
      <FreshFactorDialog
        onAnswer={(isProven) => {
          setAnswer(null);
          answer(isProven);
        }}
      />
    </Suspense>
  );
}
