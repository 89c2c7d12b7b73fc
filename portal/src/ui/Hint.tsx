/* Hint: a word of explanation on hover, focus and touch. Whoever has something to say carries it as an attribute; one
 * box for the whole page shows it, so a list of a thousand times costs nothing before somebody points at one. */
import { cloneElement, useEffect, useState, type ReactElement } from "react";
import classes from "./Hint.module.css";

const DELAY_MS = 250;
const GAP = 6;

export function Hint({
  label,
  side = "top",
  children,
}: {
  label: string | undefined;
  side?: "top" | "right";
  children: ReactElement<Record<string, unknown>>;
}) {
  if (!label) return children;
  return cloneElement(children, { "data-hint": label, "data-hint-side": side });
}

interface Shown {
  text: string;
  left: number;
  top: number;
  side: string;
}

/* Above its element, or below where there is no room; never beyond the edges of the window. */
function placeFor(element: HTMLElement): Shown {
  const box = element.getBoundingClientRect();
  const side = element.dataset.hintSide ?? "top";
  const text = element.dataset.hint ?? "";
  if (side === "right") return { text, side, left: box.right + GAP, top: box.top + box.height / 2 };
  const isBelow = box.top < 44;
  const top = isBelow ? box.bottom + GAP : box.top - GAP;
  return { text, left: box.left + box.width / 2, top, side: isBelow ? "bottom" : "top" };
}

/* A box whose middle is near an edge would be cut off there. */
function keepInside(node: HTMLElement | null) {
  if (!node || node.dataset.side === "right") return;
  const half = node.offsetWidth / 2 + 8;
  const middle = Math.min(Math.max(parseFloat(node.style.left), half), window.innerWidth - half);
  node.style.left = `${middle}px`;
}

const hinted = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>("[data-hint]") : null;

export function HintBox() {
  const [shown, show] = useState<Shown | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: HTMLElement | null = null;
    const hide = () => {
      clearTimeout(timer);
      current?.removeAttribute("aria-describedby");
      current = null;
      show(null);
    };
    const point = (event: Event) => {
      const element = hinted(event.target);
      if (element === current) return;
      hide();
      if (!element || (event.type === "focusin" && !element.matches(":focus-visible"))) return;
      current = element;
      timer = setTimeout(() => {
        if (!element.isConnected) return;
        if (element.getAttribute("aria-label") !== element.dataset.hint)
          element.setAttribute("aria-describedby", "hint");
        show(placeFor(element));
      }, DELAY_MS);
    };
    const escape = (event: KeyboardEvent) => event.key === "Escape" && hide();
    const starts = ["pointerover", "focusin"] as const;
    const ends = ["scroll", "pointerdown", "blur"] as const;
    starts.forEach((name) => document.addEventListener(name, point, { passive: true }));
    ends.forEach((name) => window.addEventListener(name, hide, { capture: true, passive: true }));
    document.addEventListener("keydown", escape);
    return () => {
      hide();
      starts.forEach((name) => document.removeEventListener(name, point));
      ends.forEach((name) => window.removeEventListener(name, hide, { capture: true }));
      document.removeEventListener("keydown", escape);
    };
  }, []);
  if (!shown) return null;
  return (
    <div
      key={`${shown.left} ${shown.top}`}
      ref={keepInside}
      id="hint"
      role="tooltip"
      className={classes.box}
      data-side={shown.side}
      style={{ left: shown.left, top: shown.top }}
    >
      {shown.text}
    </div>
  );
}
