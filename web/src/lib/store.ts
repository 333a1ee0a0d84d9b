/** Small things that a browser keeps for one person: never anything that is lost with it. */
import { useSyncExternalStore } from "react";

export function stored<Value>(name: string, fallback: Value, check: (value: unknown) => value is Value) {
  const key = `packshot.${name}`;
  const listeners = new Set<() => void>();
  let value = read();

  function read(): Value {
    try {
      const text = window.localStorage.getItem(key);
      const found: unknown = text === null ? fallback : JSON.parse(text);
      return check(found) ? found : fallback;
    } catch {
      return fallback; // storage is switched off, or holds what another version wrote
    }
  }

  function set(next: Value): void {
    value = next;
    try {
      window.localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is switched off or full: it holds until the tab is closed.
    }
    for (const listener of listeners) listener();
  }

  function use(): Value {
    // biome-ignore lint/correctness/useHookAtTopLevel: it is called as a hook, under the store's name
    return useSyncExternalStore(
      (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      () => value,
    );
  }

  return { get: () => value, set, use };
}

export const isText = (value: unknown): value is string => typeof value === "string";
export const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
