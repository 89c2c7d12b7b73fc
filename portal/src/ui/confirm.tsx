/* confirm: a page's one question. `confirm(…)` asks it, `dialog` is put into the page. */
import { lazy, Suspense, useState, type ReactNode } from "react";

const ConfirmDialog = lazy(() => import("./ConfirmDialog"));

export interface Confirmation {
  title: string;
  text: ReactNode;
  action: string;
  isDangerous?: boolean;
  run: () => Promise<unknown>;
}

export function useConfirm() {
  const [ask, setAsk] = useState<Confirmation | null>(null);
  const dialog = ask && (
    <Suspense>
      <ConfirmDialog ask={ask} onClose={() => setAsk(null)} />
    </Suspense>
  );
  return { confirm: setAsk, dialog };
}
