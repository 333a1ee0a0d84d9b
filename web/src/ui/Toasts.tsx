/** Short words about what has just been done, with a way back where there is one. */
import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  words: string;
  action?: { words: string; act: () => void };
}

const SECONDS = 7;
let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function show(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(words: string, action?: Toast["action"]): void {
  count += 1;
  const id = count;
  show([...toasts.slice(-1), { id, words, action }]);
  setTimeout(() => show(toasts.filter((one) => one.id !== id)), SECONDS * 1000);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div className="toast" key={one.id}>
          {one.words}
          {one.action && (
            <button type="button" className="button" onClick={one.action.act}>
              {one.action.words}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
