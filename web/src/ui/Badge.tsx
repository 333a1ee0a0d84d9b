import type { State } from "../lib/words";

export function Badge({ state }: { state: State }) {
  return <span className={`badge is-${state.tone}`}>{state.words}</span>;
}
