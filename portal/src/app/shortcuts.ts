/* shortcuts: keys that work everywhere. ShortcutsHelp tells them. */
import { useEffect, useRef } from "react";
import { useGo } from "@/ui/nav";

/* "g" then a letter goes to a page. */
const GOES: Record<string, string> = {
  h: "/",
  t: "/tickets",
  d: "/detections",
  c: "/tenants",
  p: "/people",
  a: "/audit",
  m: "/mails",
  s: "/status",
};

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useShortcuts(acts: { openPalette: () => void; openHelp: () => void; foldMenu: () => void }) {
  const go = useGo();
  const latest = useRef({ acts, go });
  latest.current = { acts, go };
  useEffect(() => {
    let isGoing = false;
    const onKey = (event: KeyboardEvent) => {
      const { acts, go } = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return acts.openPalette();
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("[role=dialog]")) return;
      const isSecond = isGoing;
      isGoing = event.key === "g";
      const path = isSecond ? GOES[event.key] : undefined;
      if (path) return void go(path);
      if (event.key === "?") acts.openHelp();
      else if (event.key === "[") acts.foldMenu();
      else if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLElement>("[data-list-search]")?.focus();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
