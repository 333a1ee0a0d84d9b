/** Files on a slow way to the server, and people who do something else meanwhile. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { photo, type Server } from "./server";
import { openAnew, visit } from "./visit";

let server: Server;
let browser: Browser;
let page: Page;
let faults: string[];

const open = (place: string) => openAnew(page, server, place);

beforeAll(async () => {
  ({ server, browser, page, faults } = await visit(6000));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

beforeEach(async () => {
  await page.unrouteAll();
  await page.evaluate(() => localStorage.clear());
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
  /** A view's own link in the menu: an empty view has one to a new batch, too. */
  const menu = (name: string) =>
    page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true });
  /** Keeps requests waiting until they are let go. */
  const held = async (what: RegExp): Promise<() => void> => {
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(what, async (route) => {
      await gone;
      await route.continue().catch(() => undefined);
    });
    return letGo;
  };

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
    await menu("Overview").click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await menu("New batch").click();
    await page.getByText(/of 3 files sent/).waitFor();
    expect(await page.getByText(/unfinished/).count()).toBe(0);
    await page.getByText("3 of 3 files sent").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Start", exact: true }).isEnabled()).toBe(true);
    await page.getByRole("button", { name: "Start over" }).click();
  });

  it("are not lost without a question by whoever closes the window in another view", async () => {
    const isAsked = () =>
      page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
    let letGo = await held(/seal=/);
    await open("new");
    await files().setInputFiles(shots);
    await page.getByText("0 of 3 files sent").waitFor();
    expect(await isAsked()).toBe(true);
    await menu("Overview").click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(await isAsked()).toBe(true);
    letGo();
    await expect.poll(isAsked, { timeout: 5000 }).toBe(false);
    await menu("New batch").click();
    await page.getByText("3 of 3 files sent").waitFor();
    letGo = await held(/seal=/);
    await files().setInputFiles([photo("pantry/SAUCE-TOMATO-400/primary.jpg", "more.jpg")]);
    await expect.poll(isAsked).toBe(true);
    await page.getByRole("button", { name: "Start over" }).click();
    expect(await isAsked()).toBe(false);
    letGo();
  });

  it("make what a dry run has said of the files before them old", async () => {
    await open("new");
    const list = (row: string) => ({
      name: "list.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`sku_id,image_url\n${row}\n`),
    });
    await files().setInputFiles([list("mug,"), ...shots]);
    await page.getByText("4 of 4 files sent").waitFor();
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByRole("table").waitFor();
    const sent = page.waitForResponse(/seal=/);
    await files().setInputFiles([list(`mug,${shots[0]?.name}`)]);
    await sent;
    await page.getByText("4 of 4 files sent").waitFor();
    await page.waitForTimeout(200);
    expect(await page.getByRole("table").count()).toBe(0);
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText(/nothing is wrong with it/).waitFor();
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
