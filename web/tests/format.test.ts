import { afterEach, describe, expect, it } from "vitest";
import { addressOf } from "../src/api/client";
import { tokenIn } from "../src/api/session";
import { days, path, ticks } from "../src/lib/chart";
import { rooted, sift, typeOf } from "../src/lib/files";
import { bytes, day, duration, fileName, moment, plain, plural, share } from "../src/lib/format";

describe("numbers as people read them", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [999_499, "999 kB"],
    [999_600, "1.00 MB"],
    [12_345_678, "12.3 MB"],
    [-1_500_000, "−1.50 MB"],
  ])("%d bytes", (count, words) => {
    expect(bytes(count)).toBe(words);
  });

  it.each([
    [0.4, "0 s"],
    [59.6, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3725, "1 h 02 min"],
  ])("%d seconds", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it("a little is never nothing, and almost all never all", () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(share)).toEqual(["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]);
  });

  it("words", () => {
    expect([plural(1, "photo"), plural(2, "photo"), plural(0, "batch", "batches")]).toEqual([
      "1 photo",
      "2 photos",
      "0 batches",
    ]);
    expect(plain("fill_long")).toBe("Fill long");
    expect(fileName("https://shop.example/a/b.jpg?size=1")).toBe("b.jpg");
    expect(fileName("mugs/mug #2.jpg")).toBe("mug #2.jpg");
  });
});

describe("days", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    process.env.TZ = zone;
  });

  it.each(["America/Los_Angeles", "UTC", "Pacific/Auckland"])("are the same days in %s", (name) => {
    process.env.TZ = name;
    expect(day("2026-03-01")).toBe("1 Mar 2026");
  });

  it("of a moment are those of the clock on the wall", () => {
    process.env.TZ = "America/Los_Angeles";
    expect(moment("2026-03-01T02:30:00Z")).toBe("28 Feb 2026, 18:30");
  });
});

describe("charts", () => {
  it("have round steps that cover everything", () => {
    expect(ticks(97)).toEqual([0, 25, 50, 75, 100]);
    expect(ticks(0)).toEqual([0, 1]);
    expect(ticks(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it("show a day without a value as a gap", () => {
    expect(path([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }])).toBe("M0.0 1.0L1.0 2.0M3.0 4.0");
  });

  it("have every day, over the end of a month and of winter time", () => {
    expect(days("2026-02-27", "2026-03-02")).toEqual([
      "2026-02-27",
      "2026-02-28",
      "2026-03-01",
      "2026-03-02",
    ]);
    expect(days("2026-03-28", "2026-03-30")).toHaveLength(3);
  });
});

describe("files", () => {
  const limits = {
    picture_types: ["image/jpeg", "image/heic"],
    manifest_types: ["text/csv"],
    max_picture_bytes: 1000,
    max_manifest_bytes: 50,
  };
  const file = (path: string, size: number) => ({ path, file: { size } as File });

  it("are known by their names' endings, whatever the browser thinks", () => {
    expect([typeOf("A.HEIC"), typeOf("list.jsonl"), typeOf("virus.svg"), typeOf("README")]).toEqual([
      "image/heic",
      "application/jsonl",
      null,
      null,
    ]);
  });

  it("that can't be used are told why before they are sent", () => {
    const chosen = sift(
      [file("a.jpg", 10), file("big.jpg", 1001), file("x.svg", 5), file("empty.jpg", 0), file("l.csv", 51)],
      limits,
    );
    expect(chosen.map((one) => one.problem?.code)).toEqual([
      undefined,
      "file_too_large",
      "upload_type_refused",
      "file_empty",
      "file_too_large",
    ]);
  });

  it("of file managers are left out", () => {
    expect(sift([file("a/.DS_Store", 1), file("Thumbs.db", 1)], limits)).toEqual([]);
  });

  it("lose the one folder that all of them lie in", () => {
    expect(rooted([{ path: "photos/mugs/a.jpg" }, { path: "photos/b.jpg" }])).toEqual([
      { path: "mugs/a.jpg" },
      { path: "b.jpg" },
    ]);
    expect(rooted([{ path: "mugs/a.jpg" }, { path: "b.jpg" }])).toEqual([
      { path: "mugs/a.jpg" },
      { path: "b.jpg" },
    ]);
  });
});

describe("requests", () => {
  it("carry parameters that can't break out of their place", () => {
    const params = { path: { batch_id: "a/b?c" }, query: { sku_id: "x&y", cursor: undefined } };
    expect(addressOf("/api/v1/batches/{batch_id}/images", { params })).toBe(
      "/api/v1/batches/a%2Fb%3Fc/images?sku_id=x%26y",
    );
  });

  it("find the token in a pasted link", () => {
    expect(tokenIn(" http://127.0.0.1:8000/?token=abc%2Bd&x=1 ")).toBe("abc+d");
    expect(tokenIn("  abc ")).toBe("abc");
    expect(tokenIn("100%")).toBe("100%");
  });
});
