import { describe, expect, it } from "vitest";
import { changed, filtersOf, type ImageFilters, isEmpty, queryOf } from "../src/lib/filters";
import { href, parseRoute } from "../src/lib/router";

const REASONS = ["low_score", "touches_edge"];

describe("filters in the address", () => {
  it("come back as they were put in", () => {
    const filters: ImageFilters = {
      status: "completed",
      qc_status: "needs_review",
      reason: "low_score",
      sku_id: "MUG & CUP / 1",
      product_group_id: "mugs & co",
      score_min: 0,
      score_max: 62.5,
    };
    const address = href(["batches", "b-1"], queryOf(filters));
    const route = parseRoute(address);
    expect(route.parts).toEqual(["batches", "b-1"]);
    expect(filtersOf(route.query, REASONS)).toEqual(filters);
  });

  it.each([
    "status=done",
    "qc_status=maybe",
    "reason=bad_mood",
    "score_min=lots",
    "score_min=-1",
    "score_max=101",
    "score_min=",
    "sku_id=%20",
    "colour=red",
  ])("leave out %s, which is none of ours", (query) => {
    expect(isEmpty(filtersOf(new URLSearchParams(query), REASONS))).toBe(true);
  });

  it("keep a bound of zero", () => {
    expect(filtersOf(new URLSearchParams("score_min=0"), REASONS)).toEqual({ score_min: 0 });
  });

  it("are the same address in whichever order they were set", () => {
    const one = changed(changed({}, { sku_id: "a" }), { status: "failed" });
    const other = changed(changed({}, { status: "failed" }), { sku_id: "a" });
    expect(href(["x"], queryOf(one))).toBe(href(["x"], queryOf(other)));
  });

  it("go away when they are set to nothing", () => {
    expect(changed({ status: "failed", score_min: 3 }, { status: undefined })).toEqual({ score_min: 3 });
  });
});

describe("addresses", () => {
  it("hold names with every sign", () => {
    const name = "50 % off/ä?#&";
    expect(parseRoute(href(["images", name])).parts).toEqual(["images", name]);
  });

  it("are read even when somebody has broken them", () => {
    expect(parseRoute("#/batches/%E0%A4%A").parts).toEqual(["batches", "%E0%A4%A"]);
    expect(parseRoute("").parts).toEqual([]);
    expect(parseRoute("#/").parts).toEqual([]);
  });

  it("keep a question mark of the query", () => {
    expect(parseRoute("#/x?sku_id=a?b").query.get("sku_id")).toBe("a?b");
  });
});
