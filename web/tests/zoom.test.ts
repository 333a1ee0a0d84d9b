import { describe, expect, it } from "vitest";
import { clamped, cssOf, fitted, full, pan, percent, toPane, toPicture, zoomAt } from "../src/lib/zoom";

const pane = { width: 800, height: 600 };
const picture = { width: 2000, height: 2000 };

describe("zoom and pan", () => {
  it("fits the whole picture, centred", () => {
    const view = fitted(pane, picture);
    expect(view.scale).toBeCloseTo(0.3);
    expect(toPane(view, pane, { x: 1000, y: 1000 })).toEqual({ x: 400, y: 300 });
    expect(toPane(view, pane, { x: 0, y: 0 }).y).toBeCloseTo(0);
  });

  it("never shows a small picture larger than it is", () => {
    expect(fitted(pane, { width: 100, height: 80 }).scale).toBe(1);
    expect(fitted(pane, { width: 100, height: 80 }, 2).scale).toBe(0.5);
  });

  it("shows one picture pixel per screen pixel at 100 %, on every screen", () => {
    for (const ratio of [1, 1.5, 2, 3]) {
      expect(percent({ scale: full(ratio), centre: { x: 0, y: 0 } }, ratio)).toBe(100);
    }
  });

  it("keeps the point under the pointer where it is", () => {
    const view = fitted(pane, picture);
    const at = { x: 430, y: 310 };
    const under = toPicture(view, pane, at);
    const near = zoomAt(view, pane, picture, at, 4);
    const again = toPane(near, pane, under);
    expect(again.x).toBeCloseTo(at.x);
    expect(again.y).toBeCloseTo(at.y);
  });

  it("can't lose a picture, however far it is dragged", () => {
    const near = zoomAt(fitted(pane, picture), pane, picture, { x: 400, y: 300 }, 4);
    const gone = pan(near, pane, picture, { x: 1e6, y: -1e6 });
    const corner = toPane(gone, pane, { x: 0, y: 0 });
    const other = toPane(gone, pane, { x: 2000, y: 2000 });
    expect(corner.x).toBeCloseTo(0);
    expect(other.y).toBeCloseTo(pane.height);
  });

  it("moves the picture with the hand, pixel for pixel", () => {
    const near = zoomAt(fitted(pane, picture), pane, picture, { x: 400, y: 300 }, 5);
    const before = toPane(near, pane, { x: 900, y: 900 });
    const after = toPane(pan(near, pane, picture, { x: 30, y: -20 }), pane, { x: 900, y: 900 });
    expect(after.x - before.x).toBeCloseTo(30);
    expect(after.y - before.y).toBeCloseTo(-20);
  });

  it("centres what is smaller than its pane", () => {
    const view = clamped({ scale: 0.1, centre: { x: 0, y: 1999 } }, pane, picture);
    expect(view.centre).toEqual({ x: 1000, y: 1000 });
  });

  it("ends at eight times and at half of what fits", () => {
    const view = fitted(pane, picture);
    expect(zoomAt(view, pane, picture, { x: 0, y: 0 }, 1e9).scale).toBe(8);
    expect(zoomAt(view, pane, picture, { x: 0, y: 0 }, 1e-9).scale).toBeCloseTo(0.15);
  });

  it("shows the same place in panes of different sizes", () => {
    const view = zoomAt(fitted(pane, picture), pane, picture, { x: 500, y: 200 }, 6);
    const small = { width: 300, height: 400 };
    expect(toPicture(view, pane, { x: 400, y: 300 })).toEqual(toPicture(view, small, { x: 150, y: 200 }));
  });

  it("tells CSS where the corner lies", () => {
    expect(cssOf({ scale: 2, centre: { x: 10, y: 20 } }, { width: 100, height: 100 })).toBe(
      "translate(30px, 10px) scale(2)",
    );
  });
});
