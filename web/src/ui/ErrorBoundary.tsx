import { Component, type ReactNode } from "react";
import { Fault } from "./states";

interface State {
  error: unknown;
}

/** A fault of the page itself stays in its view: it is said, and the way out of it stays open. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Fault error={this.state.error} retry={() => window.location.reload()} />;
  }
}
