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
 * The product's upright box on the canvas, from its upright box in the photo where it stands turned.
 *
 * The corners of the photo's box are air when the product is turned, so moving them makes the box far too large.
 * A rectangle of w and h that is turned by t has the upright box w cos t + h sin t by w sin t + h cos t; solved
 * for w and h that is exact for boxes and books, and near for the rest. Close to 45 degrees it can't be told.
 */
export function productBox(matrix: Matrix, box: Box): Box {
  const scale = Math.hypot(matrix[0], matrix[3]);
  const [cos, sin] = [Math.abs(matrix[0]) / scale, Math.abs(matrix[3]) / scale];
  const [, , W, H] = box;
  const share = cos * cos - sin * sin;
  const [w, h] = [(scale * (W * cos - H * sin)) / share, (scale * (H * cos - W * sin)) / share];
  const around = boxThrough(matrix, box);
  if (Math.abs(share) < 0.25 || w <= 0 || h <= 0) return around;
  const centre = { x: around[0] + around[2] / 2, y: around[1] + around[3] / 2 };
  return [centre.x - w / 2, centre.y - h / 2, w, h];
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
