/* live-news: what changed while somebody looks on: what is shown of it refreshes by itself. */
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { onChange, pathsOfNoun } from "@/api/live";

export function useLiveNews(cache: QueryClient) {
  const waiting = useRef(new Set<string>());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A burst of changes is one refresh per noun.
    const refresh = () => {
      timer = undefined;
      const nouns = [...waiting.current];
      waiting.current.clear();
      if (nouns.includes("*")) return void cache.invalidateQueries();
      new Set(nouns.flatMap(pathsOfNoun)).forEach(
        (path) => void cache.invalidateQueries({ queryKey: [path] }),
      );
    };
    const stop = onChange((change) => {
      if (change.verb === "writing") return; // passes by itself
      waiting.current.add(change.noun);
      timer ??= setTimeout(refresh, 400);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [cache]);
}
