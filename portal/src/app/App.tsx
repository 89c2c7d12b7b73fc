/* App: what every page stands on: colours, the query cache, the router, live changes, the second factor. */
import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { clientState } from "@/api/client";
import { asProblem } from "@/api/problem";
import { FreshFactorGate } from "@/ui/FreshFactorGate";
import { HintBox } from "@/ui/Hint";
import { Toasts } from "@/ui/Toasts";
import { makeRouter } from "./router";
import { cssVariables, theme } from "./theme";

const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache(),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 3 && asProblem(error).isPassing,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 8000),
    },
  },
});
const router = makeRouter(cache);

// A session that ended elsewhere: back to the door, and after sign-in to where the person was.
clientState.onSignedOut = () => {
  cache.clear();
  void router.invalidate();
};

export function App() {
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={cache}>
          <RouterProvider router={router} />
          <FreshFactorGate />
          <Toasts />
          <HintBox />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
