import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "./api/problem";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/controls.css";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // What can't pass by waiting is told at once.
      retry: (count, error) => error instanceof ApiProblem && error.retryable && count < 3,
      throwOnError: false,
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
