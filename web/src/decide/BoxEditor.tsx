import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { type Box, dragged, type Handle, whole } from "../lib/geometry";
import type { Point, Size } from "../lib/zoom";

interface Props {
  src: string;
  /** Size of the upright photo in pixels; the box is in them. */
  frame: Size;
  box: Box;
  angle: number;
  onBox: (box: Box) => void;
}

const HANDLES: Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const NAMES: Record<Handle, string> = {
  move: "Box",
  n: "Upper edge",
  s: "Lower edge",
  e: "Right edge",
  w: "Left edge",
  ne: "Upper right corner",
  nw: "Upper left corner",
  se: "Lower right corner",
  sw: "Lower left corner",
};
const MOVES: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The product's box on its photo, drawn by hand: dragged, or moved with the arrow keys (Shift: further). */
export function BoxEditor({ src, frame, box, angle, onBox }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<{ handle: Handle; at: Point; box: Box } | null>(null);
  const here = (event: PointerEvent): Point => {
    const shown = area.current?.getBoundingClientRect();
    const scale = shown ? frame.width / shown.width : 1;
    return {
      x: (event.clientX - (shown?.left ?? 0)) * scale,
      y: (event.clientY - (shown?.top ?? 0)) * scale,
    };
  };
  const start = (handle: Handle) => (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    setFrom({ handle, at: here(event), box });
  };
  const move = (event: PointerEvent): void => {
    if (!from) return;
    const now = here(event);
    const by = { x: now.x - from.at.x, y: now.y - from.at.y };
    onBox(whole(dragged(from.box, from.handle, by, frame), frame));
  };
  const keys = (handle: Handle) => (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const far = Math.max(1, Math.round((frame.width / 400) * (event.shiftKey ? 10 : 1)));
    onBox(whole(dragged(box, handle, { x: step.x * far, y: step.y * far }, frame), frame));
  };
  const grip = (handle: Handle) => ({
    onPointerDown: start(handle),
    onPointerMove: move,
    onPointerUp: () => setFrom(null),
    onPointerCancel: () => setFrom(null),
    onKeyDown: keys(handle),
    "aria-label": `${NAMES[handle]}: arrow keys move it`,
  });
  const part = (value: number, whole_: number): string => `${(100 * value) / whole_}%`;
  const place = {
    left: part(box[0], frame.width),
    top: part(box[1], frame.height),
    width: part(box[2], frame.width),
    height: part(box[3], frame.height),
  };
  return (
    <div className="boxeditor" ref={area} style={{ aspectRatio: `${frame.width} / ${frame.height}` }}>
      <img src={src} crossOrigin="anonymous" alt="The photo, upright" draggable={false} />
      <div className="boxarea" style={place}>
        <button type="button" className="boxmove" {...grip("move")}>
          <span className="boxaxis" style={{ transform: `rotate(${angle}deg)` }} />
        </button>
        {HANDLES.map((handle) => (
          <button type="button" key={handle} className={`boxgrip at-${handle}`} {...grip(handle)} />
        ))}
      </div>
    </div>
  );
}
