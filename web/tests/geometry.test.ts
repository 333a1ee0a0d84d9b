import { describe, expect, it } from "vitest";
import {
  apply,
  type Box,
  boxThrough,
  cssMatrix,
  dragged,
  type Matrix,
  productBox,
  whole,
} from "../src/lib/geometry";

const frame = { width: 400, height: 300 };

/** What a browser makes of `matrix(a, b, c, d, e, f)`, for a point counted from the corner. */
function css(text: string, x: number, y: number): [number, number] {
  const [a, b, c, d, e, f] = text.slice(7, -1).split(",").map(Number) as Matrix;
  return [a * x + c * y + e, b * x + d * y + f];
}

describe("similarities", () => {
  const turn: Matrix = [0, -2, 500, 2, 0, 100];

  it("move points", () => {
    expect(apply(turn, { x: 10, y: 20 })).toEqual({ x: 460, y: 120 });
  });

  it("move boxes to upright boxes around them", () => {
    expect(boxThrough(turn, [10, 20, 30, 40])).toEqual([380, 120, 80, 60]);
  });

  it("set a turned box upright, without the air in its corners", () => {
    const [w, h, degrees] = [200, 300, 20];
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const seen: Box = [50, 60, w * cos + h * sin, w * sin + h * cos];
    const upright: Matrix = [2 * cos, 2 * sin, 7, -2 * sin, 2 * cos, 9];
    const centre = apply(upright, { x: seen[0] + seen[2] / 2, y: seen[1] + seen[3] / 2 });
    const found = productBox(upright, seen);
    expect(found[2]).toBeCloseTo(2 * w);
    expect(found[3]).toBeCloseTo(2 * h);
    expect(found[0] + found[2] / 2).toBeCloseTo(centre.x);
    expect(found[1] + found[3] / 2).toBeCloseTo(centre.y);
  });

  it("leave a box as it is moved where its turn can't be told", () => {
    const half: Matrix = [Math.SQRT1_2, -Math.SQRT1_2, 0, Math.SQRT1_2, Math.SQRT1_2, 0];
    expect(productBox(half, [0, 0, 10, 20])).toEqual(boxThrough(half, [0, 0, 10, 20]));
    expect(productBox([1, 0, 5, 0, 1, 6], [1, 2, 3, 4])).toEqual([6, 8, 3, 4]);
  });

  it("lay a preview's pixel centres where the photo's lie", () => {
    // A preview of a quarter of the photo's size: its pixel 5 covers the photo's pixels 20 to 23.
    const shrink = 4;
    const [x, y] = css(cssMatrix(turn, shrink), 5.5, 7.5);
    const centre = apply(turn, { x: 21.5, y: 29.5 });
    expect(x).toBeCloseTo(centre.x + 0.5);
    expect(y).toBeCloseTo(centre.y + 0.5);
  });
});

describe("a box that is drawn by hand", () => {
  const box: Box = [100, 80, 120, 90];

  it.each([
    ["se", { x: 10, y: 5 }, [100, 80, 130, 95]],
    ["nw", { x: 10, y: 5 }, [110, 85, 110, 85]],
    ["n", { x: 99, y: -10 }, [100, 70, 120, 100]],
    ["w", { x: -30, y: 99 }, [70, 80, 150, 90]],
    ["move", { x: 7, y: 8 }, [107, 88, 120, 90]],
  ] as const)("is dragged at %s", (handle, by, expected) => {
    expect(dragged(box, handle, by, frame)).toEqual(expected);
  });

  it("stays in the photo", () => {
    expect(dragged(box, "move", { x: 999, y: -999 }, frame)).toEqual([280, 0, 120, 90]);
    expect(dragged(box, "se", { x: 999, y: 999 }, frame)).toEqual([100, 80, 300, 220]);
    expect(dragged(box, "nw", { x: -999, y: -999 }, frame)).toEqual([0, 0, 220, 170]);
  });

  it("can't be turned inside out", () => {
    expect(dragged(box, "e", { x: -999, y: 0 }, frame)).toEqual([100, 80, 8, 90]);
    expect(dragged(box, "nw", { x: 999, y: 999 }, frame)).toEqual([212, 162, 8, 8]);
  });

  it("is told in whole pixels with some area", () => {
    expect(whole([10.4, 20.6, 30.2, 40.1], frame)).toEqual([10, 21, 31, 40]);
    expect(whole([399.9, 299.9, 0.01, 0.01], frame)).toEqual([399, 299, 1, 1]);
  });
});
