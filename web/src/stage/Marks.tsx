import { useEffect, useRef } from "react";
import type { Box } from "../lib/geometry";
import type { Mark } from "../lib/marks";
import { type Point, type Size, toPane } from "../lib/zoom";
import type { Place } from "./Pane";

interface Props {
  marks: readonly Mark[];
  picture: Size;
  place: Place;
  /** The finished picture, for marks that need its pixels. */
  src: string | null;
}

/** Shapes over the picture; their lines stay thin however large it is shown. */
export function Marks({ marks, picture, place, src }: Props) {
  const at = (x: number, y: number): Point => toPane(place.view, place.pane, { x, y });
  const ground = marks.find((mark) => mark.kind === "ground");
  return (
    <>
      {ground?.kind === "ground" && src && (
        <Stains around={ground.around} picture={picture} place={place} src={src} />
      )}
      <svg
        className="marks"
        width={place.pane.width}
        height={place.pane.height}
        role="img"
        aria-label={said(marks)}
      >
        {marks.map((mark, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: marks have no names and are replaced as a whole
          <Shape key={index} mark={mark} picture={picture} at={at} />
        ))}
      </svg>
    </>
  );
}

function said(marks: readonly Mark[]): string {
  return marks
    .map((mark) => mark.words)
    .filter(Boolean)
    .join("; ");
}

function Shape({ mark, picture, at }: { mark: Mark; picture: Size; at: (x: number, y: number) => Point }) {
  switch (mark.kind) {
    case "box":
    case "ground": {
      const [x, y, w, h] = mark.kind === "box" ? mark.box : mark.around;
      const [from, to] = [at(x, y), at(x + w, y + h)];
      const style = mark.kind === "box" && mark.wanted ? "wanted" : "";
      return (
        <g className={style}>
          <rect x={from.x} y={from.y} width={to.x - from.x} height={to.y - from.y} />
          <Label at={style ? { x: from.x, y: to.y + 18 } : { x: from.x, y: from.y - 8 }} words={mark.words} />
        </g>
      );
    }
    case "ruler": {
      const flat = mark.along === "x";
      const from = at(0, 0);
      const to = flat ? at(picture.width, 0) : at(0, picture.height);
      const d = flat
        ? `M${from.x} ${from.y + 6}v16m0-8H${to.x}m0-8v16`
        : `M${from.x + 6} ${from.y}h16m-8 0V${to.y}m-8 0h16`;
      return (
        <g>
          <path d={d} />
          <Label
            at={flat ? { x: (from.x + to.x) / 2, y: from.y + 36 } : { x: from.x + 28, y: from.y + 60 }}
            words={mark.words}
          />
        </g>
      );
    }
    case "frame": {
      const [from, to] = [at(0, 0), at(picture.width, picture.height)];
      return (
        <g>
          <rect
            className="thick"
            x={from.x + 4}
            y={from.y + 4}
            width={to.x - from.x - 8}
            height={to.y - from.y - 8}
          />
          <Label at={{ x: from.x + 14, y: from.y + 28 }} words={mark.words} />
        </g>
      );
    }
    case "cross": {
      const { x, y } = at(mark.x, mark.y);
      return (
        <g className={mark.wanted ? "wanted" : ""}>
          <path d={`M${x - 14} ${y}h28M${x} ${y - 14}v28`} />
          <Label at={{ x: x + 10, y: y + (mark.wanted ? 26 : -12) }} words={mark.words} />
        </g>
      );
    }
    case "words": {
      const corner = at(0, 0);
      return <Label at={{ x: corner.x + 14, y: corner.y + 28 }} words={mark.words} />;
    }
  }
}

/** Words on a plate of their own: they are read on any picture. */
function Label({ at, words }: { at: Point; words: string }) {
  if (!words) return null;
  const [x, y] = [Math.max(8, at.x), Math.max(20, at.y)];
  return (
    <g className="label">
      <rect x={x} y={y - 15} width={widthOf(words) + 12} height={21} rx={4} />
      <text x={x + 6} y={y}>
        {words}
      </text>
    </g>
  );
}

let ruler: CanvasRenderingContext2D | null = null;

function widthOf(words: string): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return 7.5 * words.length;
  // As stage.css has it.
  ruler.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(words).width;
}

/** Most pixels of a side that are looked through: enough to see stains, and quick. */
const MOST = 1000;
/** How strongly specks, and a whole ground, are painted: 0 to 255. */
const STAIN = 220;
const WASH = 110;

/** Paints the ground's pixels that are not white. */
function Stains({ around, picture, place, src }: { around: Box; picture: Size; place: Place; src: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [left, top, width, height] = around;
  // Numbers, not the object: it is another one each time that the picture is moved.
  const { width: wide, height: high } = picture;
  useEffect(() => {
    let gone = false;
    const image = new Image();
    image.crossOrigin = "anonymous"; // else its pixels can't be read where a store serves it
    image.src = src;
    image
      .decode()
      .then(() => {
        if (!gone && canvas.current)
          paint(canvas.current, image, [left, top, width, height], { width: wide, height: high });
      })
      .catch(() => undefined); // the picture itself says that it can't be loaded
    return () => {
      gone = true;
    };
  }, [src, left, top, width, height, wide, high]);
  const corner = toPane(place.view, place.pane, { x: 0, y: 0 });
  return (
    <canvas
      ref={canvas}
      className="stains"
      style={{
        left: corner.x,
        top: corner.y,
        width: picture.width * place.view.scale,
        height: picture.height * place.view.scale,
      }}
    />
  );
}

function paint(canvas: HTMLCanvasElement, image: HTMLImageElement, [x, y, w, h]: Box, picture: Size): void {
  const size = Math.min(1, MOST / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * size);
  canvas.height = Math.round(picture.height * size);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const seen = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = seen;
  let stains = 0;
  for (let row = 0; row < canvas.height; row += 1) {
    for (let column = 0; column < canvas.width; column += 1) {
      const at = 4 * (row * canvas.width + column);
      const inside =
        column >= x * size && column <= (x + w) * size && row >= y * size && row <= (y + h) * size;
      const white = Math.min(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) === 255;
      if (!inside && !white) stains += 1;
      data.set(inside || white ? [0, 0, 0, 0] : [220, 30, 60, STAIN], at);
    }
  }
  // A few specks must be seen; a ground of another colour must not hide what stands on it.
  if (stains > canvas.width * canvas.height * 0.05) {
    for (let at = 3; at < data.length; at += 4) if (data[at]) data[at] = WASH;
  }
  context.putImageData(seen, 0, 0);
}
