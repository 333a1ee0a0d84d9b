/** From photos to a downloaded catalogue, as a person does it. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImagePage, ImageSummary } from "../src/api/schema";
import { accessible as accessiblePage, desktop, faultsOf, fits, launch } from "./browser";
import { photo, type Server, startServer } from "./server";

const PHOTOS = ["SAUCE-TOMATO-400/primary.jpg", "COFFEE-DARK-500/detail.jpg", "WATER-LIME-330/side.jpg"];
const EMPTY = "WATER-LIME-330/back.jpg";
const LONG = 180_000;

let server: Server;
let browser: Browser;
let page: Page;
let faults: string[];
let batch = "";
/** One of its images, of which there is a finished picture. */
let shown = "";

const file = (name: string) => photo(`pantry/${name}`, name.replace("/", "-"));
const accessible = () => accessiblePage(page);
const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });

async function waiting(): Promise<ImageSummary[]> {
  const answer = await server.request(`/api/v1/qc/pending?batch_id=${batch}`);
  return ((await answer.json()) as ImagePage).items;
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  page = await desktop(browser);
  faults = faultsOf(page, server.origin);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("from photos to a catalogue", () => {
  it("lets nobody in without the token", async () => {
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(server.origin);
    await stranger.getByRole("heading", { name: "Open the link that packshot serve has printed" }).waitFor();
    await accessiblePage(stranger);
    await stranger.getByLabel("Link or token").fill(server.link);
    await stranger.getByRole("button", { name: "Enter" }).click();
    await stranger.getByText("No batch yet").waitFor();
    await stranger.context().close();
  });

  it("opens with the link, which loses its token", async () => {
    await page.goto(server.link);
    await heading("Batches").waitFor();
    await page.getByText("No batch yet").waitFor();
    expect(page.url()).not.toContain("token");
    await accessible();
  });

  it("sends photos again after a break, and only those that are missing", async () => {
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "New batch" }).click();
    await heading("New batch").waitFor();
    await page.getByLabel(/Name of the batch/).fill("pantry");
    let sent = 0;
    await page.route(/\/uploads\/.*seal=/, async (route) => {
      sent += 1;
      if (sent > 1) await route.abort("connectionreset");
      else await route.continue();
    });
    await page.getByLabel("Files", { exact: true }).setInputFiles(PHOTOS.slice(0, 2).map(file));
    await page.getByText("1 of 2 files sent").waitFor();
    page.once("dialog", (dialog) => dialog.accept());
    await page.reload();
    await page.getByText("1 file is unfinished").first().waitFor();
    await page.unroute(/\/uploads\/.*seal=/);
    await page.getByText("drop the same files or folder again").waitFor();
    const again: string[] = [];
    page.on("request", (one) => one.method() === "PUT" && again.push(one.url()));
    await page.getByLabel("Files", { exact: true }).setInputFiles([...PHOTOS, EMPTY].map(file));
    await page.getByText("4 of 4 files sent").waitFor();
    expect(again).toHaveLength(3);
  });

  it("says of files that it can't use why", async () => {
    const drawing = { name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") };
    await page.getByLabel("Files", { exact: true }).setInputFiles([drawing]);
    await page.getByText("neither a photo nor a manifest").waitFor();
    await button("Take logo.svg out").click();
    await page.getByText("4 of 4 files sent").waitFor();
  });

  it("takes a photo as the reference with one click", async () => {
    const photo = button("SAUCE-TOMATO-400-primary.jpg: make it the reference");
    await photo.click();
    expect(await photo.getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("radio", { name: /^Fills 85 %.*Shopify/ }).check();
    await accessible();
  });

  it("tries the list without working on it", async () => {
    await button("Dry run").click();
    await page.getByText(/4 photos to process, nothing is wrong with it/).waitFor();
  });

  it("runs, and shows how far it is", async () => {
    await button("Start").click();
    await page.waitForURL(/#\/batches\/[^/]+$/);
    batch = page.url().split("/").pop() ?? "";
    await heading("pantry").waitFor();
    await page.getByText("Took", { exact: true }).waitFor({ timeout: LONG });
    await page.getByRole("listitem").filter({ hasText: "No product was found" }).waitFor();
    await accessible();
  });

  it("keeps filters in the address", async () => {
    await button(/^Failed 1$/).click();
    expect(page.url()).toContain("status=failed");
    await expect.poll(() => page.locator(".card").count()).toBe(1);
    await page.reload();
    await expect.poll(() => page.locator(".card").count()).toBe(1);
    await button("Clear filters").click();
    await expect.poll(() => page.locator(".card").count()).toBe(4);
  });

  it("compares with the photo and the reference, at the same place and size", async () => {
    await page.getByRole("link", { name: /COFFEE-DARK-500-detail/ }).click();
    await page.getByRole("slider", { name: /Line between/ }).waitFor();
    shown = page.url().split("/images/").pop() ?? "";
    await accessible();
    await button("Side by side").click();
    await page.keyboard.press("z");
    await page.getByRole("button", { name: "100 %", pressed: true }).waitFor();
    await page.getByRole("group", { name: /^Finished picture/ }).press("ArrowRight");
    const places = () =>
      page
        .locator(".pane .sheet")
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform));
    await expect.poll(async () => (await places()).every((place) => place.includes("scale(1)"))).toBe(true);
    const [photo, finished, ...rest] = await places();
    expect(rest).toHaveLength(0);
    expect(photo).toBe(finished);
    await page.keyboard.press("z");
    await button("Blink").click();
    await page.locator(".caption", { hasText: "Reference" }).waitFor();
    await button("Checker").click();
    await page.locator(".on-checker img:not(.coming)").first().waitFor();
    await button("White").click();
    await button("Slider").click();
    await page.getByRole("button", { name: /^Fill / }).click();
    await page.getByRole("img", { name: /The product; Preset: 85 %/ }).waitFor();
  });

  it("rejects with a reason, and takes it back, by keys alone", async () => {
    const before = (await waiting()).length;
    expect(before).toBeGreaterThan(1);
    await page.goto(`${server.origin}/#/review?batch=${batch}`);
    await page.getByText(`${before} left`).waitFor();
    await page.locator(".sheet").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await accessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await expect
      .poll(() =>
        page
          .locator(".film [aria-current=true]")
          .evaluate((one) => [...(one.parentElement?.children ?? [])].indexOf(one)),
      )
      .toBe(1);
    await page.keyboard.press("k");
    await accessible();
    await page.keyboard.press("r");
    await accessible();
    await page.keyboard.type("label is cut off");
    await page.keyboard.press("Enter");
    await page.getByText(/^Rejected: /).waitFor();
    expect(await waiting()).toHaveLength(before - 1);
    await page.keyboard.press("u");
    await page.getByText(/^Taken back: /).waitFor();
    await page.getByText(`${before} left`).waitFor();
    expect(await waiting()).toHaveLength(before);
  });

  it("shows what somebody else has decided meanwhile, and overwrites nothing", async () => {
    await page.goto(`${server.origin}/#/review?batch=${batch}`);
    await page.reload();
    await page.locator(".sheet").first().waitFor();
    const [first] = await waiting();
    const other = { action: "reject", reason: "wrong product", reviewer: "Robin" };
    const path = `/api/v1/batches/${batch}/images/${first?.image_id}`;
    const answer = await server.request(`${path}/review`, {
      method: "POST",
      body: JSON.stringify(other),
      headers: { "If-Match": "*" },
    });
    expect(answer.status).toBe(200);
    await page.keyboard.press("a");
    await page.getByText(/Robin was faster: the image is now rejected/).waitFor();
    expect(((await (await server.request(path)).json()) as ImageSummary).qc_status).toBe("rejected");
    await accessible();
    await page.goto(`${server.origin}/#/batches/${batch}/images/${first?.image_id}`);
    await page.getByText("wrong product").waitFor();
  });

  it("makes a rejected picture again as it was corrected by hand, and approves it", async () => {
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Correct and make again" }).waitFor();
    await page.getByRole("button", { name: /^Right edge/ }).press("Shift+ArrowLeft");
    await page.getByRole("slider", { name: /Turn of the product/ }).press("ArrowRight");
    await accessible();
    await button("Make it again").click();
    await page.getByText("Made again with what you set").waitFor({ timeout: LONG });
    await page.getByText(/by hand: .*box/).waitFor();
    if (await button(/Approve/).isVisible()) {
      await page.keyboard.press("a");
      await page.getByText(/^Approved: /).waitFor();
    }
    await page.locator(".badge", { hasText: /^Approved/ }).waitFor();
  });

  it("approves many above a score", async () => {
    await page.goto(`${server.origin}/#/review?batch=${batch}`);
    await button("Approve many").click();
    await page.getByRole("slider", { name: /Score above/ }).fill("0");
    await page.getByRole("button", { name: /^Approve \d+$/ }).waitFor();
    await accessible();
    await page.getByRole("button", { name: /^Approve \d+$/ }).click();
    await page.getByText(/images? approved\./).waitFor();
    await button("Close").click();
    await page.getByText("Nothing waits for you").waitFor();
    await accessible();
    expect(await waiting()).toEqual([]);
  });

  it("downloads the catalogue", async () => {
    await page.goto(`${server.origin}/#/batches/${batch}`);
    await button("Download").click();
    await accessible();
    const [download] = await Promise.all([page.waitForEvent("download"), button("Make the zip").click()]);
    const zip = readFileSync((await download.path()) ?? "");
    expect(zip.subarray(0, 2).toString()).toBe("PK");
    expect(zip.includes("SAUCE-TOMATO-400-primary.primary.main.jpg")).toBe(true);
    expect(zip.includes("WATER-LIME-330-back.primary.main.jpg")).toBe(false);
  });

  it("sums up", async () => {
    await page.goto(`${server.origin}/#/overview`);
    await page.getByText("no_product_found").waitFor();
    await accessible();
  });

  it("says what is not there, and shows the way back", async () => {
    for (const [place, way] of [
      ["nowhere", "All batches"],
      ["batches/batch-of-nobody", "All batches"],
      [`batches/${batch}/images/img-of-nobody`, "To the batch"],
    ] as const) {
      await page.goto(`${server.origin}/#/${place}`);
      await page.locator(".empty").getByRole("link", { name: way }).waitFor();
      await accessible();
    }
    await page.goto(`${server.origin}/#/batches/${batch}?sku_id=nobody`);
    await page.getByText("No image fits these filters").waitFor();
    await accessible();
  });

  it("fits on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const image = `batches/${batch}/images/${shown}`;
    for (const place of ["", "new", `batches/${batch}`, image, "review", "overview"]) {
      await page.goto(`${server.origin}/#/${place}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await fits(page);
      await accessible();
    }
  });

  it("did all that without an error, and without asking any other host", () => {
    expect(faults).toEqual([]);
  });
});
