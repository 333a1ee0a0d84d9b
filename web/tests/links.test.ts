import { describe, expect, it } from "vitest";
import { steady } from "../src/lib/links";

function link(key: string, begins: string, version: string | null = "v1", seconds = 3600): string {
  const query = new URLSearchParams({
    "X-Amz-Date": begins,
    "X-Amz-Expires": String(seconds),
    "X-Amz-Signature": `of ${begins}`,
    ...(version && { versionId: version }),
  });
  return `https://bucket.s3.eu-central-1.amazonaws.com/${key}?${query}`;
}

const NOON = Date.UTC(2026, 2, 1, 12);

describe("a link to a picture", () => {
  it("stays the first one until shortly before that ends", () => {
    const first = link("a.jpg", "20260301T120000Z");
    expect(steady(first, NOON)).toBe(first);
    expect(steady(link("a.jpg", "20260301T120001Z"), NOON + 1000)).toBe(first);
    const later = link("a.jpg", "20260301T125500Z");
    expect(steady(later, NOON + 55 * 60_000)).toBe(later);
    expect(steady(link("a.jpg", "20260301T125501Z"), NOON + 55 * 60_000)).toBe(later);
  });

  it("is another one when the picture is another", () => {
    const first = link("b.jpg", "20260301T120000Z");
    const made_again = link("b.jpg", "20260301T120001Z", "v2");
    const other = link("c.jpg", "20260301T120001Z");
    expect(steady(first, NOON)).toBe(first);
    expect(steady(made_again, NOON)).toBe(made_again);
    expect(steady(other, NOON)).toBe(other);
  });

  it.each([
    ["/api/v1/pictures/p?v=1"],
    ["https://example.com/?X-Amz-Signature=x"],
    ["no link, but X-Amz-Signature=x stands in it"],
    [link("d.jpg", "yesterday")],
  ])("is left alone where it is none that ends: %s", (one) => {
    expect(steady(one, NOON)).toBe(one);
    expect(steady(one, NOON)).toBe(one);
  });

  it("is told by its hash as well as by a version of the store", () => {
    const by = (hash: string, begins: string): string => `${link("f.jpg", begins, null)}&x-version=${hash}`;
    const first = by("abc", "20260301T120000Z");
    const other = by("def", "20260301T120001Z");
    expect(steady(first, NOON)).toBe(first);
    expect(steady(by("abc", "20260301T120001Z"), NOON)).toBe(first);
    expect(steady(other, NOON)).toBe(other);
  });

  it("is the new one where it names no version, since the picture may be new", () => {
    const first = link("e.jpg", "20260301T120000Z", null);
    const second = link("e.jpg", "20260301T120001Z", null);
    expect([steady(first, NOON), steady(second, NOON)]).toEqual([first, second]);
  });
});
