import { type PointerEvent, useRef } from "react";
import { between } from "../lib/geometry";

interface Props {
  /** 0 to 1, from the pane's left. */
  at: number;
  onMove: (at: number) => void;
}

/** The line between before and after; dragged, or moved with the arrow keys. */
export function Divider({ at, onMove }: Props) {
  const line = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent): void => {
    const frame = line.current?.parentElement?.getBoundingClientRect();
    if (!frame || !line.current?.hasPointerCapture(event.pointerId)) return;
    onMove(between((event.clientX - frame.left) / frame.width, 0, 1));
  };
  return (
    <div
      ref={line}
      className="divider"
      data-own-drag
      role="slider"
      tabIndex={0}
      aria-label="Line between the photo and the finished picture"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={`${Math.round(at * 100)} % photo`}
      style={{ left: `${at * 100}%` }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const by = event.key === "ArrowLeft" ? -0.02 : event.key === "ArrowRight" ? 0.02 : 0;
        if (by === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onMove(between(at + by, 0, 1));
      }}
    >
      <svg viewBox="0 0 28 28" aria-hidden="true">
        <circle cx="14" cy="14" r="13" />
        <path d="M10.500 9.500 6 14l4.500 4.500M17.500 9.500 22 14l-4.500 4.500" />
      </svg>
    </div>
  );
}
