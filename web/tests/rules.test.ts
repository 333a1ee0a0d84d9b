import { describe, expect, it } from "vitest";
import { limitWords, measuredWords, percent } from "../src/lib/rules";

const rule = (
  measure: Parameters<typeof limitWords>[0]["measure"],
  measured: number,
  minimum: number | null,
  maximum: number | null,
) => ({
  measure,
  measured,
  minimum,
  maximum,
  limit: "in words",
});

describe("a rule in words", () => {
  it.each([
    [rule("fill_long", 0.7742, 0.85, null), "77.4 %", "at least 85 %"],
    [rule("white_ground", 0.99996, 1, null), "> 99.99 %", "at least 100 %"],
    [rule("longest_side_px", 2000, 500, 10_000), "2,000 px", "500 to 10,000 px"],
    [rule("file_mb", 0.3049, null, 10), "0.305 MB", "at most 10 MB"],
    [rule("aspect_ratio", 1, 1, 1), "1", "1"],
    [rule("border", 1, null, 0), "yes", "none wanted"],
    [rule("enlarged", 0, null, null), "no", "in words"],
    [rule(null, 0.5, null, null), "0.5", "in words"],
  ])("has the units of its measure", (given, measured, limit) => {
    expect(measuredWords(given)).toBe(measured);
    expect(limitWords(given)).toBe(limit);
  });

  it("never rounds up to all of it", () => {
    expect([0, 0.004, 0.5, 0.991, 0.9999, 1].map(percent)).toEqual([
      "0 %",
      "0.4 %",
      "50 %",
      "99.1 %",
      "99.99 %",
      "100 %",
    ]);
  });
});
