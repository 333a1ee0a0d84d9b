/** Boxes and similarities, as records hold them: pixel centres are whole numbers, angles clockwise. */
import type { Point, Size } from "./zoom";

/** x, y, width, height in pixels. */
export type Box = [number, number, number, number];
/** Row by row: x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5. */
export type Matrix = [number, number, number, number, number, number];

export function apply(matrix: Matrix, { x, y }: Point): Point {
  const [a, b, c, d, e, f] = matrix;
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}

/** The upright box around a box that was moved by a similarity. */
export function boxThrough(matrix: Matrix, [x, y, w, h]: Box): Box {
  const corners = [
    { x, y },
    { x: x + w, y },
    { x, y: y + h },
    { x: x + w, y: y + h },
  ].map((corner) => apply(matrix, corner));
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/**
 * For `transform` of a photo's preview that is to lie where the photo lies on the canvas.
 *
 * @param matrix upright photo to canvas
 * @param shrink photo pixels per preview pixel
 */
export function cssMatrix(matrix: Matrix, shrink: number): string {
  const [a, b, c, d, e, f] = matrix;
  // CSS counts from a pixel's corner, records from its centre.
  const x = c + 0.5 - 0.5 * (a + b);
  const y = f + 0.5 - 0.5 * (d + e);
  return `matrix(${a * shrink}, ${d * shrink}, ${b * shrink}, ${e * shrink}, ${x}, ${y})`;
}

export type Handle = "move" | "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw";

/** A box dragged by one of its handles; it stays in the frame and keeps at least `least` pixels. */
export function dragged(box: Box, handle: Handle, by: Point, frame: Size, least = 8): Box {
  let [left, top] = box;
  let [right, bottom] = [box[0] + box[2], box[1] + box[3]];
  if (handle === "move") {
    const x = between(left + by.x, 0, frame.width - box[2]);
    const y = between(top + by.y, 0, frame.height - box[3]);
    return [x, y, box[2], box[3]];
  }
  if (handle.includes("w")) left = between(left + by.x, 0, right - least);
  if (handle.includes("e")) right = between(right + by.x, left + least, frame.width);
  if (handle.includes("n")) top = between(top + by.y, 0, bottom - least);
  if (handle.includes("s")) bottom = between(bottom + by.y, top + least, frame.height);
  return [left, top, right - left, bottom - top];
}

/** A box in whole pixels, inside of the frame. */
export function whole(box: Box, frame: Size): Box {
  const left = Math.round(between(box[0], 0, frame.width - 1));
  const top = Math.round(between(box[1], 0, frame.height - 1));
  const right = Math.round(between(box[0] + box[2], left + 1, frame.width));
  const bottom = Math.round(between(box[1] + box[3], top + 1, frame.height));
  return [left, top, right - left, bottom - top];
}

export function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
