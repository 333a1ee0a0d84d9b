import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Size } from "../lib/zoom";

/** An element's size in CSS pixels, as it changes. */
export function useSize<Element extends HTMLElement>(): [RefObject<Element | null>, Size | null] {
  const ref = useRef<Element>(null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** Pixels of the screen per CSS pixel; it changes with the browser's own zoom. */
export function usePixelRatio(): number {
  return useSyncExternalStore(subscribe, () => window.devicePixelRatio || 1);
}
