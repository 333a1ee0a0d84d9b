/** Many images, hurried people and late answers: what a small batch on a quick machine never shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ImageDetail } from "../src/api/schema";
import { fits, picture } from "./browser";
import { Invented } from "./invented";
import { EXAMPLES, type Server } from "./server";
import { openAnew, visit } from "./visit";

let server: Server;
let browser: Browser;
let page: Page;
let api: Invented;
let faults: string[];

const heading = () => page.getByRole("heading", { level: 1 });
const film = () => page.locator(".film button");

const open = (place: string) => openAnew(page, server, place);

beforeAll(async () => {
  ({ server, browser, page, faults } = await visit(6000));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

beforeEach(async () => {
  api = new Invented();
  await page.unrouteAll();
  await page.evaluate(() => localStorage.clear());
  await api.serve(page);
});

describe("a long batch", () => {
  it("shows further images when its end comes near", async () => {
    api.add("b1", 150);
    await open("batches/b1");
    await expect.poll(() => page.locator(".card").count()).toBeGreaterThan(0);
    for (const count of [120, 150]) {
      await page.locator(".end").scrollIntoViewIfNeeded();
      await expect.poll(() => page.locator(".card").count(), { timeout: 3000 }).toBeGreaterThanOrEqual(count);
    }
  });

  it("is stepped through over the end of the first page", async () => {
    api.add("b1", 150);
    await open("batches/b1/images/i59");
    await page.getByText(/^59 of \d+\+$/).waitFor();
    for (const next of ["i60", "i61"]) {
      await page.keyboard.press("j");
      await page.waitForURL(new RegExp(`/images/${next}$`), { timeout: 3000 });
    }
  });

  it("is stepped through from an image that a decision has taken out of the filter", async () => {
    api.add("b1", 4);
    await open("batches/b1/images/i2?qc_status=needs_review");
    await page.getByText("2 of 4").waitFor();
    await page.keyboard.press("a");
    await page.getByText("Approved: b1-2").waitFor();
    await page.getByText("2 of 4").waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await page.waitForURL(/\/images\/i3\?/, { timeout: 3000 });
  });
});

describe("a zip", () => {
  it("is saved once, though each answer has a new link to it", async () => {
    api.add("b1", 1, { qc_status: "approved" });
    let answers = 0;
    const saved: string[] = [];
    await page.route(/\/batches\/b1\/download$/, (route) =>
      route.fulfill({ status: 202, json: { job_id: "j1" } }),
    );
    await page.route(/\/api\/v1\/jobs\/j1$/, (route) => {
      answers += 1;
      const links = { self: "", result: `/invented.zip?signed=${answers}` };
      return route.fulfill({ json: { job_id: "j1", state: "completed", error: null, bytes: 22, links } });
    });
    await page.route(/\/invented\.zip/, (route) => {
      saved.push(route.request().url());
      return route.fulfill({ headers: { "Content-Disposition": "attachment" }, body: "PK" });
    });
    await open("batches/b1");
    await page.getByRole("button", { name: "Download" }).click();
    await page.getByRole("button", { name: "Make the zip" }).click();
    await page.getByText("The zip is ready").waitFor();
    await page.waitForTimeout(2200); // the answer is old by then
    // Somebody has looked at another tab, and comes back.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    await expect.poll(() => answers).toBe(2);
    await page.waitForTimeout(300);
    expect(saved).toHaveLength(1);
    expect(await page.getByRole("link", { name: "save it" }).getAttribute("href")).toContain("signed=2");
  });
});

describe("the review", () => {
  it("tells the same photo in two batches apart", async () => {
    api.add("b1", 1);
    api.add("b2", 2);
    await open("review");
    await page.getByText("3 left").waitFor();
    await film().nth(1).click();
    await expect.poll(() => heading().innerText()).toContain("b2-1");
    expect(await page.locator(".film [aria-current=true]").count()).toBe(1);
    await page.keyboard.press("a");
    await page.getByText("2 left, 1 done").waitFor();
    expect(api.decisions).toEqual(["approve b2 i1"]);
  });

  it("doesn't show again what was decided, after another view", async () => {
    api.add("b1", 4);
    await open("review");
    await page.getByText("4 left").waitFor();
    await page.getByText("of 100").waitFor();
    await page.keyboard.press("a");
    await page.getByText("3 left, 1 done").waitFor();
    await page.getByRole("link", { name: "Batches", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Batches" }).waitFor();
    // As the queue was when it was left: no answer comes in time to mend it.
    await page.route(/\/qc\/pending/, () => undefined);
    await page
      .getByRole("navigation", { name: "Views" })
      .getByRole("link", { name: /Review/ })
      .click();
    await page.getByText("3 left").waitFor();
  });

  it("takes back the decision that is on its way, not the one before it", async () => {
    api.add("b1", 4);
    await open("review");
    await page.getByText("of 100").waitFor();
    await page.keyboard.press("a");
    await page.getByText("3 left, 1 done").waitFor();
    await page.getByText("of 100").waitFor();
    api.slow = 400;
    await page.keyboard.press("a");
    await page.keyboard.press("u");
    await page.getByText("Taken back: b1-2").waitFor();
    await page.getByText("3 left, 1 done").waitFor();
    expect(api.decisions).toEqual(["approve b1 i1", "approve b1 i2", "undo b1 i2"]);
    await page.keyboard.press("u");
    await page.keyboard.press("u");
    await page.getByText("Nothing was decided here yet").waitFor();
    expect(api.decisions.slice(3)).toEqual(["undo b1 i1"]);
    await page.getByText("4 left").waitFor();
  });

  it("says of a conflict only at the image that it was on", async () => {
    api.add("b1", 3);
    await open("review");
    await page.getByText("of 100").waitFor();
    const [first] = api.images;
    if (first) Object.assign(first, { version: 1, etag: '"0-1"', qc_status: "rejected" });
    await page.keyboard.press("a");
    await page.getByText(/was faster/).waitFor();
    await page.keyboard.press("j");
    await expect.poll(() => heading().innerText()).toContain("b1-2");
    expect(await page.getByText(/was faster/).count()).toBe(0);
  });

  it("decides once while a key is held down", async () => {
    api.add("b1", 6);
    await open("review");
    await page.getByText("of 100").waitFor();
    await page.keyboard.down("a");
    for (let count = 0; count < 6; count += 1) {
      await page.waitForTimeout(100);
      await page.keyboard.down("a"); // as a keyboard repeats it
    }
    await page.keyboard.up("a");
    await page.getByText("5 left, 1 done").waitFor();
    expect(api.decisions).toEqual(["approve b1 i1"]);
  });

  it("asks once for a page that is refused, and doesn't say that nothing waits", async () => {
    api.add("b1", 52);
    api.broken = 422;
    await open("review");
    await page.getByText("50+ left").waitFor();
    for (const image of api.images.slice(0, 50)) image.qc_status = "approved";
    for (let done = 1; done <= 41; done += 1) {
      // Decided by hand, one after the other.
      const image = api.images[done - 1];
      if (image) image.qc_status = "needs_review";
      await page.getByText("of 100").waitFor();
      await page.keyboard.press("a");
      await page.getByText(`${50 - done}+ left, ${done} done`).waitFor();
    }
    await page.waitForTimeout(1500);
    expect(api.asked.filter((cursor) => cursor !== "").length).toBeLessThan(3);
    await page.getByText("Not so.").waitFor();
  });
});

describe("the view of one image", () => {
  const PICTURE = readFileSync(join(EXAMPLES, "photos/pantry/SAUCE-TOMATO-400/detail.jpg"));
  const made: Partial<ImageDetail> = {
    alignment: {
      method: "features",
      canvas: [1000, 1000],
      transform: [1, 0, 0, 0, 1, 0],
      rotation_deg: 0,
      scale: 1,
    } as never,
    compliance: [
      {
        rule: "shop.white_ground",
        measure: "white_ground",
        level: "required",
        passed: false,
        measured: 0.5,
        minimum: 0.99,
        maximum: null,
        limit: "",
        fix: "",
        source: "",
        dated: "",
      },
    ] as never,
  };
  beforeEach(async () => {
    await page.route(/\/invented-/, (route) => route.fulfill({ contentType: "image/jpeg", body: PICTURE }));
    api.add("b1", 2, made);
    for (const { links } of api.images) {
      for (const name of ["after", "before", "reference"] as const) links[name] = `/invented-${name}.jpg`;
    }
  });

  it("paints what is not white once, not with every step of a hand", async () => {
    await open("batches/b1/images/i1");
    await page.locator("canvas.stains").waitFor();
    await page.waitForTimeout(500);
    await page.evaluate(() => {
      const { putImageData } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.putImageData = function (
        this: CanvasRenderingContext2D,
        ...given: unknown[]
      ) {
        document.documentElement.dataset.painted = "again";
        Reflect.apply(putImageData, this, given);
      };
    });
    await page.locator(".pane").focus();
    for (const key of ["+", "+", "ArrowLeft", "ArrowUp", "0"]) await page.keyboard.press(key);
    await page.waitForTimeout(500);
    expect(await page.locator("html").getAttribute("data-painted")).toBeNull();
  });

  it("asks once for references that are refused", async () => {
    api.add("b2", 150, made);
    await open("batches/b2/images/i1");
    await page.getByText("1 of 60+").waitFor();
    api.broken = 422;
    const further: string[] = [];
    page.on("request", (one) => one.url().includes("cursor=") && further.push(one.url()));
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Correct and make again" }).waitFor();
    await page.waitForTimeout(1000);
    expect(further).toHaveLength(1);
  });

  it("points out what fails on the same photo in another batch", async () => {
    Object.assign(api.images[0] ?? {}, { compliance: [] });
    Object.assign(api.images[1] ?? {}, { batch_id: "b2", image_id: "i1" });
    const preloaded = page.waitForResponse(/b2\/images\/i1$/);
    await open("review");
    await (await preloaded).finished();
    await page.getByText("of 100").waitFor();
    await page.keyboard.press("j");
    await page.locator("canvas.stains").waitFor();
  });

  it("blinks against the reference from one image to the next", async () => {
    await open("batches/b1/images/i1");
    await page.getByRole("button", { name: "Blink" }).click();
    await page.locator(".caption", { hasText: "Reference" }).waitFor();
    await page.keyboard.press("j");
    await page.waitForURL(/images\/i2$/);
    await page.locator(".caption", { hasText: /Reference|Photo/ }).waitFor();
    expect(await page.locator(".caption").allInnerTexts()).toEqual(["Reference"]);
  });
});

describe("whoever works without a mouse", () => {
  it("begins at the heading of a view that comes late, and stays where they went meanwhile", async () => {
    api.add("b1", 2);
    const focus = () =>
      page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);
    const late = (ms: number) =>
      page.route(/\/api\/v1\/batches\/b1$/, async (route) => {
        await new Promise((done) => setTimeout(done, ms));
        await route.fallback();
      });
    await open("");
    await late(300);
    await page.getByRole("link", { name: "b1", exact: true }).press("Enter");
    await expect.poll(focus, { timeout: 3000 }).toBe("H1 b1");
    await open("");
    await late(1000);
    await page.getByRole("link", { name: "b1", exact: true }).press("Enter");
    await page.getByRole("status", { name: "Loading the batch" }).waitFor();
    await page.getByRole("link", { name: "Overview" }).focus();
    await heading().waitFor();
    await page.waitForTimeout(300);
    expect(await focus()).toBe("A Overview");
  });
});

describe("long names", () => {
  it("stay within a narrow phone", async () => {
    api.add("batch-with-a-name-that-nobody-has-ever-broken-into-words-".repeat(3), 2, {
      sku_id: "SKU-".repeat(60),
      product_group_id: "g".repeat(250),
      source: `${"folder/".repeat(30)}${"photo".repeat(40)}.jpg`,
      reference: `${"r".repeat(200)}.jpg`,
    });
    const name = api.images[0]?.batch_id ?? "";
    await page.setViewportSize({ width: 360, height: 740 });
    for (const place of ["", `batches/${name}`, `batches/${name}/images/i1`, "review"]) {
      await open(place);
      await heading().waitFor();
      await page.waitForLoadState("networkidle");
      await picture(page, `long-${place.replaceAll("/", "-").slice(0, 12)}-${place.length}`);
      await fits(page);
    }
    await page.setViewportSize({ width: 1360, height: 850 });
  });
});

describe("all that", () => {
  it("went without an error, and without asking any other host", () => {
    expect(faults).toEqual([]);
  });
});
