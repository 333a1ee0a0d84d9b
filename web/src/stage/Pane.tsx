import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { fitted, full, type Point, pan, type Size, type View, zoomAt } from "../lib/zoom";
import { usePixelRatio, useSize } from "./measure";

export interface Place {
  view: View;
  pane: Size;
}

interface Props {
  picture: Size;
  view: View | null;
  onView: (view: View | null) => void;
  /** Counts the wishes to change between whole and 100 %. */
  zooms: number;
  label: string;
  caption?: string;
  children: (place: Place) => ReactNode;
}

const MARGIN = 20;
const STEP = 60;

/** A window onto a picture: wheel and pinch zoom, drag and arrows move, a double click goes to 100 % and back. */
export function Pane({ picture, view, onView, zooms, label, caption, children }: Props) {
  const [ref, pane] = useSize<HTMLDivElement>();
  const ratio = usePixelRatio();
  const shown = view ?? (pane ? fitted(pane, picture, ratio, Math.min(MARGIN, pane.width / 20)) : null);
  const now = useRef({ pane, picture, shown, view, ratio, onView });
  now.current = { pane, picture, shown, view, ratio, onView };
  useWish(zooms, () => toggle(now.current));
  useHands(ref, now);
  const keys = (event: KeyboardEvent): void => {
    if (!pane || !shown || event.target !== event.currentTarget) return;
    const by = MOVES[event.key];
    const factor = event.key === "+" || event.key === "=" ? 1.25 : event.key === "-" ? 0.8 : null;
    if (by) onView(pan(shown, pane, picture, by));
    else if (factor) onView(zoomAt(shown, pane, picture, middle(pane), factor, ratio));
    else if (event.key === "0") onView(null);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element means a pane that pictures are moved in
    <div
      ref={ref}
      className={view ? "pane moves" : "pane"}
      role="group"
      aria-label={`${label}. Arrow keys move, plus and minus zoom, 0 shows all of it`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved with the arrow keys
      tabIndex={0}
      onKeyDown={keys}
    >
      {pane && shown && children({ view: shown, pane })}
      {caption && <span className="caption">{caption}</span>}
    </div>
  );
}

const MOVES: Record<string, Point> = {
  ArrowLeft: { x: STEP, y: 0 },
  ArrowRight: { x: -STEP, y: 0 },
  ArrowUp: { x: 0, y: STEP },
  ArrowDown: { x: 0, y: -STEP },
};

interface Now {
  pane: Size | null;
  picture: Size;
  shown: View | null;
  view: View | null;
  ratio: number;
  onView: (view: View | null) => void;
}

function middle(pane: Size): Point {
  return { x: pane.width / 2, y: pane.height / 2 };
}

/** False while the pane's size is not known yet. */
function toggle({ pane, picture, shown, view, ratio, onView }: Now, at?: Point): boolean {
  if (!pane || !shown) return false;
  if (view) onView(null);
  else onView(zoomAt(shown, pane, picture, at ?? middle(pane), full(ratio) / shown.scale, ratio));
  return true;
}

/** A wish that comes too early is kept until it can be granted. */
function useWish(count: number, granted: () => boolean): void {
  const seen = useRef(count);
  useEffect(() => {
    if (seen.current !== count && granted()) seen.current = count;
  });
}

/** Mouse, pen and fingers. */
function useHands(ref: React.RefObject<HTMLDivElement | null>, now: React.RefObject<Now>): void {
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const hands = new Map<number, Point>();
    const here = (event: MouseEvent): Point => {
      const frame = element.getBoundingClientRect();
      return { x: event.clientX - frame.left, y: event.clientY - frame.top };
    };
    const wheel = (event: WheelEvent): void => {
      const { pane, picture, shown, ratio, onView } = now.current;
      if (!pane || !shown) return;
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016));
      onView(zoomAt(shown, pane, picture, here(event), factor, ratio));
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 0 || (event.target as Element).closest("[data-own-drag]")) return;
      hands.set(event.pointerId, here(event));
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      const before = hands.get(event.pointerId);
      const { pane, picture, shown, view, ratio, onView } = now.current;
      if (!before || !pane || !shown) return;
      const after = here(event);
      const other = [...hands].find(([id]) => id !== event.pointerId)?.[1];
      hands.set(event.pointerId, after);
      if (other) {
        const [was, is] = [distance(before, other), distance(after, other)];
        const between = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
        if (was > 0) onView(zoomAt(shown, pane, picture, between, is / was, ratio));
      } else if (view) {
        onView(pan(shown, pane, picture, { x: after.x - before.x, y: after.y - before.y }));
      }
    };
    const up = (event: PointerEvent): void => {
      hands.delete(event.pointerId);
    };
    const twice = (event: MouseEvent): void => void toggle(now.current, here(event));
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("dblclick", twice);
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("dblclick", twice);
    };
  }, [ref, now]);
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
