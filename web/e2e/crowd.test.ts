/** Many images, hurried people and late answers: what a small batch on a quick machine never shows. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { desktop, faultsOf, launch } from "./browser";
import { Invented } from "./invented";
import { photo, type Server, startServer } from "./server";

let server: Server;
let browser: Browser;
let page: Page;
let api: Invented;
let faults: string[];

const heading = () => page.getByRole("heading", { level: 1 });
const film = () => page.locator(".film button");

async function open(place: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${server.link.split("?")[0]}#/${place}`);
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  page = await desktop(browser);
  page.setDefaultTimeout(6000);
  faults = faultsOf(page, server.origin);
  await page.goto(server.link);
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

describe("files on their way", () => {
  const draft = () => page.evaluate(() => localStorage.getItem("packshot.draft"));
  const files = () => page.getByLabel("Files", { exact: true });
  const shots = ["primary", "detail", "angle"].map((name) => photo(`pantry/SAUCE-TOMATO-400/${name}.jpg`));
  const late = (what: RegExp, ms: number) =>
    page.route(what, async (route) => {
      await new Promise((done) => setTimeout(done, ms));
      await route.continue().catch(() => undefined); // nobody waits for it any more
    });

  it("do not fill a folder that was given up", async () => {
    await late(/\/api\/v1\/uploads$/, 500);
    await open("new");
    await files().setInputFiles(shots);
    await page.getByRole("button", { name: "Start over" }).click();
    await page.waitForTimeout(1200);
    expect(await draft()).toBe("null");
    expect(await page.locator(".tile").count()).toBe(0);
  });

  it("go on while another view is looked at, and are found again", async () => {
    await late(/seal=/, 500);
    await open("new");
    await files().setInputFiles(shots);
    await page.getByText("0 of 3 files sent").waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.getByRole("link", { name: "New batch" }).click();
    await page.getByText(/of 3 files sent/).waitFor();
    expect(await page.getByText(/unfinished/).count()).toBe(0);
    await page.getByText("3 of 3 files sent").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Start", exact: true }).isEnabled()).toBe(true);
    await page.getByRole("button", { name: "Start over" }).click();
  });

  it("leave no list chosen that was taken out", async () => {
    await open("new");
    const list = (name: string) => ({
      name,
      mimeType: "text/csv",
      buffer: Buffer.from(`sku_id,image_url\n${name},a.jpg\n`),
    });
    await files().setInputFiles([list("one.csv"), list("other.csv"), ...shots]);
    await page.getByText("5 of 5 files sent").waitFor();
    await page.getByLabel("What is to be processed").selectOption("other.csv");
    await page.getByRole("button", { name: "Take other.csv out" }).click();
    await page.getByText("4 of 4 files sent").waitFor();
    const asked = page.waitForRequest(/dry-run/);
    await page.getByRole("button", { name: "Dry run" }).click();
    expect((await asked).postDataJSON().photos.manifest).toBe("one.csv");
    await page.getByRole("button", { name: "Start over" }).click();
  });
});

describe("all that", () => {
  it("went without an error, and without asking any other host", () => {
    expect(faults).toEqual([]);
  });
});
