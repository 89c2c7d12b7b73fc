/* Flyout: a button that opens something beside it: a panel or a menu. What opens, and what places it, is downloaded
 * when somebody comes near the button for the first time; until then there is only the button. */
import { cloneElement, lazy, Suspense, useState, type ReactElement, type ReactNode } from "react";
import type { Icon } from "./icons";

export interface MenuRow {
  key: string;
  label: string;
  icon?: Icon;
  isDangerous?: boolean;
  isDisabled?: boolean;
  /** With a mark that says whether it is chosen; the menu stays open. */
  isChecked?: boolean;
  /** A line above this row. */
  isFirstOfGroup?: boolean;
  run: () => void;
}

export interface FlyoutProps {
  button: ReactElement<Record<string, unknown>>;
  position?: "bottom-start" | "bottom-end";
  width?: number;
  label?: string;
  isFlush?: boolean;
  onOpen?: () => void;
}

export interface PanelProps extends FlyoutProps {
  children: (close: () => void) => ReactNode;
}

export interface MenuProps extends FlyoutProps {
  items: MenuRow[];
  head?: ReactNode;
}

const load = () => import("./FlyoutBody");
const PanelBody = lazy(load);
const MenuBody = lazy(() => load().then((module) => ({ default: module.MenuBody })));

function useFirstWish({ button, onOpen }: FlyoutProps, opens: "dialog" | "menu") {
  const [isWanted, want] = useState(false);
  const waiting = cloneElement(button, {
    "aria-haspopup": opens,
    "aria-expanded": false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => {
      want(true);
      onOpen?.();
    },
  });
  return { isWanted, waiting };
}

export function Flyout(props: PanelProps) {
  const { isWanted, waiting } = useFirstWish(props, "dialog");
  if (!isWanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <PanelBody {...props} />
    </Suspense>
  );
}

export function MenuButton(props: MenuProps) {
  const { isWanted, waiting } = useFirstWish(props, "menu");
  if (!isWanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <MenuBody {...props} />
    </Suspense>
  );
}
