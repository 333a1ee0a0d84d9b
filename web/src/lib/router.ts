/**
 * Addresses of views. They stand after the #, so that any server of files can serve the page: the local one,
 * and a bucket behind a distribution.
 */
import { useSyncExternalStore } from "react";

export interface Route {
  /** Parts of the path, decoded: `#/batches/b1?status=failed` has ["batches", "b1"]. */
  parts: string[];
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s, 2);
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { parts, query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone % is what it is
  }
}

/** The address of a view, for `href`: parts are encoded, empty values of the query left out. */
export function href(parts: string[], query: Iterable<[string, string]> = []): string {
  const kept = new URLSearchParams([...query].filter(([, value]) => value !== ""));
  const text = kept.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

const listeners = new Set<() => void>();

/** All are told in one go: told one by one, the frame would be at the new place around the old view. */
function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("hashchange", tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("hashchange", tell);
  };
}

/** Goes to an address; `replace` leaves no step in the browser's history. */
export function navigate(address: string, replace = false): void {
  if (!replace) {
    window.location.hash = address;
    return;
  }
  window.history.replaceState(null, "", address);
  tell();
}

let last: { hash: string; route: Route } | null = null;

function current(): Route {
  const hash = window.location.hash;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}
