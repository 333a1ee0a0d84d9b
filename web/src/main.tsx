import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "./api/problem";
import { App } from "./app";
import { openSession } from "./auth/current";
import { SignInView } from "./auth/SignIn";
import { readConfig } from "./lib/config";
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

/** The page for whoever may use it; the way to sign in for others. */
async function first(): Promise<ReactNode> {
  const session = openSession(await readConfig(window.fetch.bind(window)));
  const back = await session?.arrive(new URLSearchParams(window.location.search));
  // The code goes out of the address, and out of the history with it.
  if (typeof back === "string") window.history.replaceState(null, "", `/${back}`);
  if (session && !session.signedIn) return <SignInView fault={session.fault} />;
  return (
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  );
}

function Unreadable({ error }: { error: unknown }) {
  return (
    <main tabIndex={-1}>
      <div className="notice is-failed" role="alert">
        <p>The page could not be opened: {error instanceof Error ? error.message : String(error)}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Try again
        </button>
      </div>
    </main>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const shown = createRoot(root);
first()
  .catch((error: unknown) => <Unreadable error={error} />)
  .then((page) => shown.render(<StrictMode>{page}</StrictMode>));
