import { useEffect } from "react";

/** The window's title. */
export function useTitle(words: string): void {
  useEffect(() => {
    document.title = words ? `${words} · Packshot` : "Packshot";
  }, [words]);
}
