import type { PresetView } from "../../api/schema";

/** A jug, 60 wide and 100 high, standing at 0 0. */
const JUG =
  "M14 4h28l-3 9c0 5 11 12 11 30v40c0 9-5 13-12 13H18C11 96 6 92 6 83V43c0-18 11-25 11-30l-3-9Zm36 28c8 0 10 6 10 14s-3 16-10 17";
const WIDTH = 58;
const HEIGHT = 94;

/** A preset as a drawing: its canvas, its ground, and how much of it the product fills. */
export function PresetPicture({ preset }: { preset: PresetView }) {
  const { width, height, fill = 0.85 } = preset.canvas;
  const scale = 132 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  const [left, top] = [(176 - w) / 2, (144 - h) / 2];
  const size = Math.min((fill * w) / WIDTH, (fill * h) / HEIGHT);
  const ground = preset.background.startsWith("#") ? preset.background : "#fff";
  const [boxW, boxH] = [WIDTH * size, HEIGHT * size];
  return (
    <svg
      className="optionpicture"
      viewBox="0 0 176 144"
      role="img"
      aria-label={`Fills ${Math.round(fill * 100)} % of the canvas`}
    >
      <rect x={left} y={top} width={w} height={h} fill={ground} stroke="var(--edge)" strokeWidth="1" />
      <rect
        x={left + (w - boxW) / 2}
        y={top + (h - boxH) / 2}
        width={boxW}
        height={boxH}
        fill="none"
        stroke="#0b6b5d"
        strokeDasharray="3 3"
      />
      <g
        transform={`translate(${left + (w - boxW) / 2 - 4 * size} ${top + (h - boxH) / 2 - 3 * size}) scale(${size})`}
      >
        <path d={JUG} fill="#c9d6d2" stroke="#48605a" strokeWidth={1.6 / size} strokeLinejoin="round" />
        <path d="M10 52h36v26H10z" fill="#f3efe4" stroke="#48605a" strokeWidth={1 / size} />
      </g>
      <text x={left + w - 4} y={top + h - 5} textAnchor="end" fontSize="10" fill="#3c3c3c">
        {Math.round(fill * 100)} %
      </text>
    </svg>
  );
}
