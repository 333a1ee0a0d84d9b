/**
 * Where a picture stands in its pane. Panes that share one View show the same place at the same size, however
 * large each of them is: that is all there is to synchronised zoom and pan.
 */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** `scale`: CSS pixels per picture pixel; `centre`: the picture's point in the middle of the pane. */
export interface View {
  scale: number;
  centre: Point;
}

const MOST = 8;

/** The whole picture in the pane, never larger than one picture pixel per device pixel. */
export function fitted(pane: Size, picture: Size, ratio = 1, margin = 0): View {
  const room = { width: Math.max(1, pane.width - 2 * margin), height: Math.max(1, pane.height - 2 * margin) };
  const scale = Math.min(room.width / picture.width, room.height / picture.height, full(ratio));
  return { scale, centre: { x: picture.width / 2, y: picture.height / 2 } };
}

/** The scale of 100 %: one picture pixel on one pixel of the screen. */
export function full(ratio: number): number {
  return 1 / Math.max(ratio, 0.1);
}

/** In whole per cent, as people read it: 100 is one picture pixel per pixel of the screen. */
export function percent(view: View, ratio: number): number {
  return Math.round(view.scale * ratio * 100);
}

/** Zooms by a factor; the picture's point under `at` (CSS pixels in the pane) stays under it. */
export function zoomAt(view: View, pane: Size, picture: Size, at: Point, factor: number, ratio = 1): View {
  const least = Math.min(fitted(pane, picture, ratio).scale, full(ratio)) / 2;
  const scale = Math.min(Math.max(view.scale * factor, least), MOST * full(ratio));
  const under = toPicture(view, pane, at);
  const centre = {
    x: under.x - (at.x - pane.width / 2) / scale,
    y: under.y - (at.y - pane.height / 2) / scale,
  };
  return clamped({ scale, centre }, pane, picture);
}

/** Moves the picture by CSS pixels, as a hand drags it. */
export function pan(view: View, pane: Size, picture: Size, by: Point): View {
  const centre = { x: view.centre.x - by.x / view.scale, y: view.centre.y - by.y / view.scale };
  return clamped({ scale: view.scale, centre }, pane, picture);
}

/** Keeps the picture in the pane: what is smaller than the pane is centred, what is larger can't be lost. */
export function clamped(view: View, pane: Size, picture: Size): View {
  const along = (centre: number, room: number, length: number): number => {
    const half = room / 2 / view.scale;
    if (length <= 2 * half) return length / 2;
    return Math.min(Math.max(centre, half), length - half);
  };
  return {
    scale: view.scale,
    centre: {
      x: along(view.centre.x, pane.width, picture.width),
      y: along(view.centre.y, pane.height, picture.height),
    },
  };
}

export function toPicture(view: View, pane: Size, at: Point): Point {
  return {
    x: view.centre.x + (at.x - pane.width / 2) / view.scale,
    y: view.centre.y + (at.y - pane.height / 2) / view.scale,
  };
}

export function toPane(view: View, pane: Size, point: Point): Point {
  return {
    x: pane.width / 2 + (point.x - view.centre.x) * view.scale,
    y: pane.height / 2 + (point.y - view.centre.y) * view.scale,
  };
}

/** For `transform` of a picture whose origin is its upper left corner. */
export function cssOf(view: View, pane: Size): string {
  const corner = toPane(view, pane, { x: 0, y: 0 });
  return `translate(${corner.x}px, ${corner.y}px) scale(${view.scale})`;
}
