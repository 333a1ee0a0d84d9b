/** Keys of a view: one table from keys to actions, the same that the help shows. */
import { useEffect, useRef } from "react";
import type { Role } from "../api/schema";

export interface KeyBinding<Action extends string> {
  keys: string[];
  action: Action;
  words: string;
  /** What one has to be for it; everybody may the others. */
  role?: Role;
}

type Pressed = Pick<
  KeyboardEvent,
  "key" | "repeat" | "ctrlKey" | "metaKey" | "altKey" | "target" | "defaultPrevented"
>;

/** The action of a key press; null while somebody writes, and for the browser's own shortcuts. */
export function actionOf<Action extends string>(
  event: Pressed,
  bindings: readonly KeyBinding<Action>[],
): Action | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (takesText(event.target)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((key === "Enter" || key === " ") && isButton(event.target)) return null;
  const found = bindings.find((binding) => binding.keys.includes(key));
  // A key that is held down moves on and on, but decides once: nobody has seen the pictures after it.
  if (event.repeat && found?.role !== undefined) return null;
  return found?.action ?? null;
}

function takesText(target: EventTarget | null): boolean {
  const element = target as { tagName?: string; type?: string; isContentEditable?: boolean } | null;
  if (element?.isContentEditable) return true;
  const name = element?.tagName?.toUpperCase();
  if (name === "TEXTAREA" || name === "SELECT") return true;
  const silent = ["button", "checkbox", "radio", "submit", "reset"];
  return name === "INPUT" && !silent.includes(element?.type ?? "text");
}

function isButton(target: EventTarget | null): boolean {
  return ["BUTTON", "A", "SUMMARY"].includes((target as { tagName?: string } | null)?.tagName ?? "");
}

/** Listens to the whole page; silent while a dialog is open. */
export function useKeys<Action extends string>(
  bindings: readonly KeyBinding<Action>[],
  act: (action: Action) => void,
): void {
  const latest = useRef({ bindings, act });
  useEffect(() => {
    latest.current = { bindings, act };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (document.querySelector("dialog[open]")) return;
      const action = actionOf(event, latest.current.bindings);
      if (action === null) return;
      event.preventDefault();
      latest.current.act(action);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** A key as it is printed on the keyboard. */
export function printed(key: string): string {
  const names: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", " ": "Space" };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
