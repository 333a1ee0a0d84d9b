import { describe, expect, it } from "vitest";
import type { ImageDetail, PresetView, RuleView } from "../src/api/schema";
import { canvasOf, marksOf, type Subject } from "../src/lib/marks";

const subject: Subject = {
  canvas: { width: 2000, height: 1000 },
  product: [900, 200, 200, 400],
  fill: 0.8,
  baseline: null,
};
const rule = (
  id: string,
  measured: number,
  measure: RuleView["measure"] = null,
  minimum: number | null = null,
): RuleView => ({
  rule: id,
  level: "required",
  passed: false,
  measured,
  limit: "at least 0.85",
  fix: "",
  source: "",
  dated: "",
  measure,
  minimum,
  maximum: null,
});
const preset = (id: string, measure: string) => ({ rules: [{ id, measure }] }) as unknown as PresetView;
const marks = (measure: string, measured = 0.4) =>
  marksOf({ kind: "rule", name: "shop.x" }, subject, [rule("shop.x", measured)], preset("shop.x", measure));

describe("the canvas", () => {
  const image = (canvas: [number, number] | null) =>
    ({
      alignment: { canvas },
      renditions: [{ name: "main", width: 700, height: 350 }],
    }) as unknown as ImageDetail;

  it("is what the record says, whatever the preset and the file have", () => {
    const wide = { canvas: { width: 2000, height: 2000 } } as unknown as PresetView;
    expect(canvasOf(image([900, 450]), wide)).toEqual({ width: 900, height: 450 });
  });

  it("is the preset's for images that an earlier version made, or the file's where it may have shrunk", () => {
    const never = { never_enlarge: true, canvas: { width: 2000, height: 2000 } } as unknown as PresetView;
    expect(canvasOf(image(null), { ...never, never_enlarge: false })).toEqual({ width: 2000, height: 2000 });
    expect(canvasOf(image(null), never)).toEqual({ width: 700, height: 350 });
    expect(canvasOf(image(null), undefined)).toEqual({ width: 700, height: 350 });
  });
});

describe("what a failing rule draws", () => {
  it("is what the record says was measured, without any preset", () => {
    const found = rule("own.fill", 0.4, "fill_long", 0.9);
    const [, wanted] = marksOf({ kind: "rule", name: "own.fill" }, subject, [found], undefined);
    // The bound that was missed: 0.9 of 1000.
    expect(wanted).toMatchObject({ box: [775, 50, 450, 900], words: "Limit: 90 %", wanted: true });
  });

  it("is the product and what it should fill", () => {
    const [found, wanted] = marks("fill_long");
    expect(found).toMatchObject({
      kind: "box",
      box: [900, 200, 200, 400],
      words: "Fills 0.4, at least 0.85",
    });
    // The height fills first: 0.8 of 1000, in the product's own aspect, centred.
    expect(wanted).toMatchObject({ kind: "box", wanted: true, box: [800, 100, 400, 800] });
  });

  it("is the side that is too short", () => {
    expect(marks("longest_side_px", 2000)).toMatchObject([{ kind: "ruler", along: "x" }]);
    expect(marks("shortest_side_px", 1000)).toMatchObject([{ kind: "ruler", along: "y" }]);
  });

  it("is the ground beyond the 16 pixels in which a JPEG rings", () => {
    expect(marks("white_ground", 0.9991)).toMatchObject([
      { kind: "ground", around: [884, 184, 232, 432], words: "White on 0.999 of the ground" },
    ]);
  });

  it("is a sentence where there is nothing to draw", () => {
    expect(marks("file_mb", 12)).toEqual([{ kind: "words", words: "12, at least 0.85" }]);
  });

  it("is nothing for a rule that is not there", () => {
    expect(marksOf({ kind: "rule", name: "gone" }, subject, [], undefined)).toEqual([]);
  });
});

describe("what a part of the score draws", () => {
  it("is where the product's centre is, and where it belongs", () => {
    expect(marksOf({ kind: "part", name: "centring" }, subject, [], undefined)).toMatchObject([
      { kind: "cross", x: 1000, y: 400 },
      { kind: "cross", x: 1000, y: 500, wanted: true },
    ]);
  });

  it("is the product's foot where the preset has a baseline", () => {
    const standing = { ...subject, baseline: 0.9 };
    expect(marksOf({ kind: "part", name: "centring" }, standing, [], undefined)).toMatchObject([
      { x: 1000, y: 600 },
      { x: 1000, y: 900 },
    ]);
  });
});
