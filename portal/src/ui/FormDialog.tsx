/* FormDialog: a form over the page, for what is made in a minute. Dialog and form are loaded when it opens. */
import { lazy, Suspense, type ReactNode } from "react";
import { LoadingState } from "./LoadingState";

const Dialog = lazy(() => import("./Dialog"));

export function FormDialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  if (!isOpen) return null;
  return (
    <Suspense>
      <Dialog title={title} onClose={onClose}>
        <Suspense fallback={<LoadingState />}>{children}</Suspense>
      </Dialog>
    </Suspense>
  );
}
