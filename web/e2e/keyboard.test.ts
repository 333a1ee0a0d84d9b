/** The keyboard alone: from photos to a download, and every key that the help names. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImageDetail, ImagePage } from "../src/api/schema";
import { KEYS as COMPARE } from "../src/views/compare/keys";
import { KEYS as REVIEW } from "../src/views/review/keys";
import { accessible, desktop, faultsOf, launch } from "./browser";
import { photo, type Server, startServer } from "./server";

const LONG = 180_000;

let server: Server;
let browser: Browser;
let page: Page;
let faults: string[];
let batch = "";
/** What the page has asked for since it was opened: what it has already is not asked for again. */
const asked = new Set<string>();

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const heading = (name: string) => page.getByRole("heading", { level: 1, name });
const focused = (found: Locator) => found.evaluate((one) => one === document.activeElement);
const picture = () => page.url().split("/images/")[1]?.split("?")[0];

/** Goes there with the Tab key, as people without a mouse do. */
async function tabTo(found: Locator, most = 80): Promise<void> {
  await found.first().waitFor();
  for (let count = 0; count < most; count += 1) {
    if (await focused(found.first())) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${most} times Tab did not lead to ${found}`);
}

async function images(): Promise<ImagePage["items"]> {
  const answer = await server.request(`/api/v1/batches/${batch}/images?status=completed`);
  return ((await answer.json()) as ImagePage).items;
}

async function image(id: string): Promise<ImageDetail> {
  return (await server.request(`/api/v1/batches/${batch}/images/${id}`)).json();
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  page = await desktop(browser);
  faults = faultsOf(page, server.origin);
  page.on("request", (one) => asked.add(one.url().slice(server.origin.length)));
  await page.goto(server.link);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("without a mouse", () => {
  it("skips to the content", async () => {
    await page.getByText("No batch yet").waitFor();
    await press("Tab");
    expect(await focused(button("Skip to the content"))).toBe(true);
    await press("Enter");
    expect(await focused(page.locator("main"))).toBe(true);
  });

  it("chooses photos, a reference, a preset and a mode, and starts", async () => {
    await tabTo(page.getByRole("link", { name: "New batch" }).last());
    await press("Enter");
    await heading("New batch").waitFor();
    const opened = page.waitForEvent("filechooser");
    await tabTo(button("Choose files"));
    await press("Enter");
    const chooser = await opened;
    const names = ["SAUCE-TOMATO-400/primary", "COFFEE-DARK-500/detail", "WATER-LIME-330/side"];
    await chooser.setFiles(names.map((name) => photo(`pantry/${name}.jpg`)));
    await page.getByText("3 of 3 files sent").waitFor();
    const reference = button("pantry-SAUCE-TOMATO-400-primary.jpg: make it the reference");
    await tabTo(reference);
    await press("Enter");
    expect(await reference.getAttribute("aria-pressed")).toBe("true");
    await tabTo(page.getByRole("radio", { name: /Studio/ }));
    await press("ArrowUp");
    expect(await page.getByRole("radio", { name: /Shopify/ }).isChecked()).toBe(true);
    await tabTo(page.getByRole("radio", { name: /Auto/ }));
    await tabTo(button("Start"));
    await press("Enter");
    await page.waitForURL(/#\/batches\/[^/]+$/);
    batch = page.url().split("/").pop() ?? "";
    await page.getByText("Took", { exact: true }).waitFor({ timeout: LONG });
    expect(await images()).toHaveLength(3);
  });

  it("opens a dialog, stays in it, and comes back to where it was", async () => {
    await tabTo(button("Download"));
    await press("Enter");
    await page.getByRole("heading", { name: "Download" }).waitFor();
    for (let count = 0; count < 12; count += 1) {
      await press("Tab");
      const inside = await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
      );
      expect(inside).toBe(true);
    }
    await press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await focused(button("Download"))).toBe(true);
  });
});

describe("every key of the view of one image", () => {
  it("does what the help says", async () => {
    await tabTo(page.locator(".card a"));
    await press("Enter");
    await page.locator(".sheet").first().waitFor();
    const first = picture();
    await press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await accessible(page);
    const told = await page.locator(".keyhelp dt").allInnerTexts();
    expect(told).toHaveLength(COMPARE.length);
    await press("Escape");
    for (const [on, back] of [
      ["j", "k"],
      ["ArrowRight", "ArrowLeft"],
    ] as const) {
      await press(on);
      await expect.poll(picture).not.toBe(first);
      await page.locator(".sheet").first().waitFor();
      await press(back);
      await expect.poll(picture).toBe(first);
    }
    for (const layout of ["Side by side", "Blink", "Slider"]) {
      await press("b");
      await expect.poll(() => button(layout).getAttribute("aria-pressed")).toBe("true");
    }
    await press("z");
    await button("100 %").waitFor();
    await press("z");
    await expect.poll(() => button("Fit").getAttribute("aria-pressed")).toBe("true");
    await press("c");
    await page.getByRole("heading", { name: "Correct and make again" }).waitFor();
    await press("Escape", "r");
    await page.getByRole("heading", { name: "Reject" }).waitFor();
    await accessible(page);
    await press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("moves and enlarges the picture", async () => {
    const pane = page.getByRole("group", { name: /finished picture/i }).first();
    const place = () =>
      page
        .locator(".sheet")
        .first()
        .evaluate((one) => (one as HTMLElement).style.transform);
    const whole = await place();
    await tabTo(pane);
    await press("+");
    await expect.poll(place).not.toBe(whole);
    const near = await place();
    await press("+", "+", "ArrowRight");
    await expect.poll(place).not.toBe(near);
    await press("0");
    await expect.poll(place).toBe(whole);
    const line = page.getByRole("slider", { name: /Line between/ });
    await tabTo(line);
    await press("ArrowRight");
    expect(await line.getAttribute("aria-valuenow")).toBe("52");
  });

  it("decides, and takes it back", async () => {
    // On the one that no longer waits anyway: two of the others are needed in the review below.
    const id = (await images()).find((one) => one.sku_id.endsWith("-primary"))?.image_id ?? "";
    await page.goto(`${server.origin}/#/batches/${batch}/images/${id}`);
    await page.locator(".sheet").first().waitFor();
    const before = (await image(id)).qc_status;
    await press("r");
    await page.keyboard.type("wrong side");
    await press("Enter");
    await page.getByText(/^Rejected: /).waitFor();
    await press("u");
    await page.getByText(/^Taken back: /).waitFor();
    expect((await image(id)).qc_status).toBe(before);
    await press("r");
    await page.keyboard.type("wrong side again");
    await press("Enter");
    await page.getByText("wrong side again").first().waitFor();
    await press("a");
    await page.getByText(/^Approved: /).waitFor();
    const { history, qc_status } = await image(id);
    expect(qc_status).toBe("approved");
    expect(history.map((one) => [one.action, one.before, one.after])).toEqual([
      ["reject", before, "rejected"],
      ["undo", "rejected", before],
      ["reject", before, "rejected"],
      ["approve", "rejected", "approved"],
    ]);
    // The page shows all of it, newest first.
    await page.getByText("(rejected → approved)").waitFor();
    expect(await page.locator(".history > li").count()).toBe(4);
    await press("Escape");
    await page.waitForURL(/#\/batches\/[^/]+$/);
  });

  it("sets another reference by hand", async () => {
    const own = (await images()).find((one) => one.sku_id.endsWith("-detail"));
    await page.goto(`${server.origin}/#/batches/${batch}/images/${own?.image_id}`);
    await page.locator(".sheet").first().waitFor();
    await press("c");
    const reference = page.getByLabel("Reference");
    await expect
      .poll(() => reference.locator("option").allInnerTexts())
      .toEqual([
        expect.stringMatching(/^As it is/),
        "None: the preset's pose",
        expect.stringContaining("SAUCE-TOMATO-400-primary"),
        expect.stringContaining("WATER-LIME-330-side"),
      ]);
    await reference.selectOption({ label: "None: the preset's pose" });
    await tabTo(button("Make it again"));
    await press("Enter");
    await page.getByText("Made again with what you set").waitFor({ timeout: LONG });
    await page.getByText(/by hand: reference/).waitFor();
    await page.getByText("Placed as the preset asks").waitFor();
    const made = await image(own?.image_id ?? "");
    expect([made.revision, made.alignment?.method, made.overrides.reference]).toEqual([1, "preset", ""]);
  });
});

describe("every key of the review", () => {
  it("does what the help says", async () => {
    // At least two must wait: a product that leaves its photo, and a blurred one, do so with any network.
    const waiting = (await images()).filter((one) => one.qc_status === "needs_review");
    await page.goto(`${server.origin}/#/review?batch=${batch}`);
    await page.getByText(`${waiting.length} left`).waitFor();
    expect(waiting.length).toBeGreaterThan(1);
    await page.locator(".sheet").first().waitFor();
    // The next one's pictures are there before it is looked at.
    const queue: ImagePage = await (await server.request(`/api/v1/qc/pending?batch_id=${batch}`)).json();
    const next = queue.items[1]?.links;
    await expect
      .poll(() => [next?.self, next?.after, next?.before].filter((one) => !asked.has(one ?? "")))
      .toEqual([]);
    const at = () =>
      page
        .locator(".film [aria-current=true]")
        .evaluate((one) => [...(one.parentElement?.children ?? [])].indexOf(one));
    for (const [on, back] of [
      ["j", "k"],
      ["ArrowRight", "ArrowLeft"],
    ] as const) {
      await press(on);
      await expect.poll(at).toBe(1);
      await press(back);
      await expect.poll(at).toBe(0);
    }
    await press("?");
    expect(await page.locator(".keyhelp dt").count()).toBe(REVIEW.length);
    await press("Escape", "z");
    await button("100 %").waitFor();
    await press("z", "b");
    await page.getByRole("heading", { name: "Approve all above a score" }).waitFor();
    await press("Escape", "c");
    await page.getByRole("heading", { name: "Correct and make again" }).waitFor();
    await press("Escape", "a");
    await page.getByText(/^Approved: /).waitFor();
    await page.getByText(`${waiting.length - 1} left, 1 done`).waitFor();
    await press("u");
    await page.getByText(/^Taken back: /).waitFor();
    await page.getByText(`${waiting.length} left`).waitFor();
    await press("r");
    await page.keyboard.type("x");
    await press("Enter");
    await page.getByText(/^Rejected: /).waitFor();
    // Keys are letters again while somebody writes.
    await page.getByLabel("Reviewing as").focus();
    await page.keyboard.type("aru");
    expect(await page.getByLabel("Reviewing as").inputValue()).toBe("aru");
    await page.getByText(`${waiting.length - 1} left, 1 done`).waitFor();
  });
});

describe("all that", () => {
  it("went without an error, and without asking any other host", () => {
    expect(faults).toEqual([]);
  });
});
