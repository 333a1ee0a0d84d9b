/** A list with faults: looked at before, stopped, gone on with, tried again; and what fails a rule is drawn. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BatchView, ImagePage, UploadFolder } from "../src/api/schema";
import { accessible, picture } from "./browser";
import { photo, type Server, startServer } from "./server";
import { visit } from "./visit";

const LIST = `product_group_id,sku_id,image_url,image_type,background
water,WATER-LIME-330,lime.jpg,primary,#e4e4e4
water,WATER-LIME-330,lime-side.jpg,side,
water,WATER-MINT-330,forgotten.jpg,primary,
water,WATER-MINT-330,,side,
water,WATER-LIME-330,lime.jpg,primary,
sauce,SAUCE-TOMATO-400,later.jpg,primary,
sauce,SAUCE-TOMATO-400,detail.jpg,detail,
`;
const LONG = 180_000;

let server: Server;
let browser: Browser;
let page: Page;
let faults: string[];
let batch = "";
let folder = "";

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const files = () => page.getByLabel("Files", { exact: true });
const view = async (): Promise<BatchView> => (await server.request(`/api/v1/batches/${batch}`)).json();

async function images(): Promise<ImagePage["items"]> {
  const answer = await server.request(`/api/v1/batches/${batch}/images?limit=200`);
  return ((await answer.json()) as ImagePage).items;
}

beforeAll(async () => {
  ({ server, browser, page, faults } = await visit());
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("a list with faults", () => {
  it("is taken as a manifest, with the photos beside it", async () => {
    await page.goto(`${server.origin}/#/new`);
    await page.getByLabel(/Name of the batch/).fill("autumn list");
    await files().setInputFiles([
      { name: "autumn.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) },
      photo("pantry/WATER-LIME-330/primary.jpg", "lime.jpg"),
      photo("pantry/WATER-LIME-330/side.jpg", "lime-side.jpg"),
      photo("pantry/SAUCE-TOMATO-400/detail.jpg", "detail.jpg"),
    ]);
    await page.getByText("4 of 4 files sent").waitFor();
    await expect.poll(() => page.getByLabel("What is to be processed").inputValue()).toBe("autumn.csv");
    await page.getByRole("radio", { name: /Amazon/ }).check();
    folder = JSON.parse((await page.evaluate(() => localStorage.getItem("packshot.draft"))) ?? "null");
  });

  it("has its errors shown by row before anything is worked on", async () => {
    await button("Dry run").click();
    const table = page.getByRole("table");
    await table.waitFor();
    const rows = await table.locator("tbody tr").allInnerTexts();
    const told = rows.map((row) => row.split("\t").map((cell) => cell.trim()));
    expect(told.map(([line, column]) => [line, column])).toEqual([
      ["5", "image_url"],
      ["6", expect.any(String)],
    ]);
    expect(told[1]?.[2]).toContain("row_duplicate");
    await accessible(page);
    await table.scrollIntoViewIfNeeded();
    await picture(page, "dry-run");
    expect(((await (await server.request("/api/v1/batches")).json()) as { items: unknown[] }).items).toEqual(
      [],
    );
  });

  it("is stopped, says so, and goes on with what is missing", async () => {
    await button("Start").click();
    await page.waitForURL(/#\/batches\/[^/]+$/);
    batch = page.url().split("/").pop() ?? "";
    await button("Stop").click();
    await page.getByText("The batch was stopped.").waitFor({ timeout: LONG });
    await accessible(page);
    await picture(page, "stopped");
    const stopped = await view();
    expect(stopped.status).toBe("failed");
    expect(stopped.counts.pending).toBeGreaterThan(0);
    await page.goto(`${server.origin}/#/`);
    await page.getByText("Stopped", { exact: true }).waitFor();
    await page.goto(`${server.origin}/#/batches/${batch}`);
    await button("Go on").click();
    await page.getByText("The batch was stopped.").waitFor({ state: "detached" });
    await page.getByText("Took", { exact: true }).waitFor({ timeout: LONG });
    const { counts, status } = await view();
    expect(status).toBe("completed");
    expect([counts.pending, counts.failed, counts.completed]).toEqual([0, 4, 3]);
  });

  it("has its failed images tried again when their photo has come", async () => {
    const { name, buffer } = photo("pantry/SAUCE-TOMATO-400/primary.jpg", "later.jpg");
    const offer = { path: name, content_type: "image/jpeg", bytes: buffer.length };
    const body = JSON.stringify({ folder_id: folder, files: [offer] });
    const announced: UploadFolder = await (
      await server.request("/api/v1/uploads", { method: "POST", body })
    ).json();
    const ticket = announced.files.find((one) => one.path === name);
    const sent = await fetch(server.origin + ticket?.url, {
      method: "PUT",
      headers: ticket?.headers,
      body: buffer,
    });
    expect(sent.ok).toBe(true);
    await button("Retry failed").click();
    await page.getByRole("link", { name: "SAUCE-TOMATO-400 primary" }).waitFor();
    await expect.poll(async () => (await view()).counts.completed, { timeout: LONG }).toBe(4);
    // The other photo is still not there, and the bad rows stay what they are.
    await button(/^Failed 3$/).waitFor();
    await button("Retry failed").waitFor();
  });
});

describe("what fails a required rule", () => {
  it("is drawn on the picture without being asked for", async () => {
    const failing = (await images()).find((one) => one.rules_failed.includes("amazon.white_ground"));
    expect(failing?.review_reasons).toContain("required_rule_failed");
    await page.goto(`${server.origin}/#/batches/${batch}/images/${failing?.image_id}`);
    await page.getByRole("img", { name: /White on \d+ % of the ground/ }).waitFor();
    const rule = page.getByRole("button", { name: /^fails White ground/ });
    expect(await rule.getAttribute("aria-pressed")).toBe("true");
    const red = () =>
      page.locator("canvas.stains").evaluate((one) => {
        const { width, height } = one as HTMLCanvasElement;
        const seen =
          (one as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
        const at = (x: number, y: number) =>
          seen[4 * (Math.round(y * height) * width + Math.round(x * width)) + 3];
        // A corner is ground, the middle is the product.
        return { size: [width, height], corner: at(0.02, 0.02), middle: at(0.5, 0.5) };
      });
    await expect.poll(red).toEqual({ size: [1000, 1000], corner: 110, middle: 0 });
    // It lies on the picture, not beside it.
    const place = await page.locator("canvas.stains").boundingBox();
    const sheet = await page.locator(".sheet").first().boundingBox();
    for (const side of ["x", "y", "width", "height"] as const) {
      expect(place?.[side]).toBeCloseTo(sheet?.[side] ?? Number.NaN, 0);
    }
    await accessible(page);
    await picture(page, "rule-ground");
    await rule.click();
    expect(await page.locator("canvas.stains").count()).toBe(0);
  });

  it("is drawn as the product and what it should fill, in the canvas of the record", async () => {
    await page.locator(".rules button", { hasText: "Fill" }).first().click();
    await page.getByRole("img", { name: /Fills [\d.]+ %, at least 85 %/ }).waitFor();
    expect(await page.locator(".marks g:not(.label) > rect").count()).toBe(2);
    await picture(page, "rule-fill");
  });
});

describe("a batch while the server ends and comes back", () => {
  it("goes on where it was, and the page with it", async () => {
    await page.goto(`${server.origin}/#/new`);
    await page.getByLabel(/Name of the batch/).fill("interrupted");
    const shots = [
      "SAUCE-TOMATO-400/angle",
      "SAUCE-TOMATO-400/primary",
      "WATER-LIME-330/primary",
      "COFFEE-DARK-500/detail",
    ];
    await files().setInputFiles(shots.map((name) => photo(`pantry/${name}.jpg`)));
    await page.getByText("4 of 4 files sent").waitFor();
    await button("Start").click();
    await page.waitForURL(/#\/batches\/[^/]+$/);
    batch = page.url().split("/").pop() ?? "";
    await expect
      .poll(async () => (await view()).counts.completed, { timeout: LONG, interval: 100 })
      .toBeGreaterThan(0);
    await server.stop(true);
    await page.getByText("The server does not answer").waitFor();
    await accessible(page);
    await picture(page, "no-answer");
    const stood = server;
    server = await startServer(stood);
    await page.getByText("Took", { exact: true }).waitFor({ timeout: LONG });
    const { counts, status } = await view();
    expect([status, counts.completed, counts.failed]).toEqual(["completed", 4, 0]);
    await page.getByText("The server does not answer").waitFor({ state: "detached" });
  });
});

describe("all that", () => {
  it("went without an error, and without asking any other host", () => {
    expect(faults).toEqual([]);
  });
});
