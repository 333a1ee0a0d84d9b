import { describe, expect, it } from "vitest";
import { actionOf, printed } from "../src/lib/keys";
import { following, keyOf, preceding, stepped } from "../src/lib/queue";
import { KEYS } from "../src/views/review/keys";

const press = (key: string, more: object = {}) => ({
  key,
  repeat: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  defaultPrevented: false,
  target: { tagName: "BODY" } as unknown as EventTarget,
  ...more,
});
const on = (tagName: string, type?: string) => ({ target: { tagName, type } as unknown as EventTarget });

describe("keys of the review", () => {
  it.each([
    ["j", "next"],
    ["J", "next"],
    ["ArrowRight", "next"],
    ["k", "back"],
    ["a", "approve"],
    ["r", "reject"],
    ["u", "undo"],
    ["z", "zoom"],
    ["?", "help"],
  ])("%s is %s", (key, action) => {
    expect(actionOf(press(key), KEYS)).toBe(action);
  });

  it("leave the browser's own shortcuts alone", () => {
    expect(actionOf(press("r", { ctrlKey: true }), KEYS)).toBeNull();
    expect(actionOf(press("a", { metaKey: true }), KEYS)).toBeNull();
    expect(actionOf(press("u", { altKey: true }), KEYS)).toBeNull();
  });

  it.each(["TEXTAREA", "SELECT", "INPUT"])("are silent in a %s", (name) => {
    expect(actionOf(press("a", on(name, "text")), KEYS)).toBeNull();
  });

  it("work while a button or a checkbox has the focus", () => {
    expect(actionOf(press("a", on("BUTTON")), KEYS)).toBe("approve");
    expect(actionOf(press("a", on("INPUT", "checkbox")), KEYS)).toBe("approve");
  });

  it("decide once while they are held down, and move on and on", () => {
    const held = ["a", "r", "u", "c", "b", "j", "ArrowLeft"].map((key) =>
      actionOf(press(key, { repeat: true }), KEYS),
    );
    expect(held).toEqual([null, null, null, null, null, "next", "back"]);
  });

  it("are all different", () => {
    const keys = KEYS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("are told as they are printed", () => {
    expect(["j", "ArrowLeft", "?"].map(printed)).toEqual(["J", "←", "?"]);
  });
});

describe("the queue", () => {
  const items = ["1", "2", "3"].map((image_id) => ({ batch_id: "b", image_id }));
  const [one, two, three] = items as [
    { batch_id: string; image_id: string },
    (typeof items)[0],
    (typeof items)[0],
  ];

  it("goes on and back, and ends", () => {
    expect(following(items, one)).toBe(two);
    expect(following(items, three)).toBeUndefined();
    expect(preceding(items, two)).toBe(one);
    expect(preceding(items, one)).toBeUndefined();
  });

  it("begins anew when its place is gone", () => {
    expect(following(items, { batch_id: "b", image_id: "gone" })).toBe(one);
  });

  it("goes on from where an image was that a decision has taken out", () => {
    const left = [one, three];
    expect([stepped(left, -1, 1, 1), stepped(left, -1, 1, -1)]).toEqual([three, one]);
    expect([stepped(items, 1, 1, 1), stepped(items, 1, 1, -1)]).toEqual([three, one]);
    expect([stepped(items, 2, 2, 1), stepped(items, 0, 0, -1), stepped(items, -1, -1, 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("tells images of two batches apart", () => {
    expect(keyOf(one)).not.toBe(keyOf({ ...one, batch_id: "other" }));
    expect(following(items, { batch_id: "other", image_id: "1" })).toBe(one);
  });
});
