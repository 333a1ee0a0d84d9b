/** The page as AWS serves it: people sign in, photos go to a store by form, pictures come from there. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aws } from "./aws";
import { accessible, desktop, launch } from "./browser";
import { photo, type Server, startServer } from "./server";

const PHOTO = "pantry/SAUCE-TOMATO-400/primary.jpg";

let server: Server;
let aws: Aws;
let browser: Browser;
let page: Page;
/** What the browser holds against the page: errors, and all that its policy has forbidden. */
const faults: string[] = [];

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const view = (name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true });

beforeAll(async () => {
  server = await startServer();
  aws = new Aws(server);
  await aws.start();
  browser = await launch();
  page = await desktop(browser);
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // A 401 that is asked for here is logged as an error, too.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
      faults.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  aws?.stop();
  await server?.stop();
});

describe("a page that people sign in to", () => {
  it("shows nothing but the way in before", async () => {
    const asked: string[] = [];
    page.on("request", (one) => one.url().includes("/api/") && asked.push(one.url()));
    await page.goto(`${aws.site}/#/new`);
    await heading("Packshot").waitFor();
    await accessible(page);
    expect(asked).toEqual([]);
  });

  it("comes back from the sign-in page to the view, and leaves no code in the address", async () => {
    await button("Sign in").click();
    await heading("New batch").waitFor();
    expect(page.url()).toBe(`${aws.site}/#/new`);
    await page.getByText("anna").waitFor();
    expect(aws.asked).toEqual(["authorization_code"]);
    await accessible(page);
  });

  it("sends photos by form to the store, and shows its pictures", async () => {
    await page.getByLabel("Files", { exact: true }).setInputFiles([photo(PHOTO)]);
    await page.getByText("1 of 1 file sent").waitFor();
    expect(aws.sent).toEqual([{ path: photo(PHOTO).name, type: "image/jpeg" }]);
    await button("Start").click();
    await page.getByText("Took", { exact: true }).waitFor({ timeout: 180_000 });
    const shown = page.locator(".card img").first();
    await expect.poll(() => shown.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
    expect(await shown.getAttribute("src")).toContain(aws.store);
  });

  it("looks into a picture of the store pixel by pixel", async () => {
    const src = await page.locator(".card img").first().getAttribute("src");
    const read = await page.evaluate(async (address) => {
      const image = new Image();
      image.crossOrigin = "anonymous";
      image.src = address ?? "";
      await image.decode();
      const canvas = document.createElement("canvas");
      const drawn = canvas.getContext("2d");
      drawn?.drawImage(image, 0, 0);
      return drawn?.getImageData(0, 0, 1, 1).data.length;
    }, src);
    expect(read).toBe(4);
  });

  it("saves results with the token, which no link could carry", async () => {
    await button("Download").click();
    const saving = page.waitForEvent("download");
    await button("CSV").click();
    expect((await saving).suggestedFilename()).toMatch(/\.csv$/);
    await page.keyboard.press("Escape");
  });

  it("renews a token that is refused, without a word", async () => {
    aws.endTokens();
    await view("Batches").click();
    await heading("Batches").waitFor();
    await page.getByText("1 image").first().waitFor();
    expect(aws.asked).toEqual(["authorization_code", "refresh_token"]);
  });

  it("says when the session has ended, and comes back to the view after another sign-in", async () => {
    aws.endSessions();
    await view("Overview").click();
    await heading("Your session has ended").first().waitFor();
    await button("Sign in").first().click();
    await heading("Overview").waitFor();
    expect(page.url()).toContain("#/overview");
    await accessible(page);
  });

  it("hides what somebody may not do", async () => {
    aws.roles = ["viewer"];
    aws.name = "vera";
    await page.goto(`${aws.site}/#/`);
    await page.reload();
    await page.getByText("vera").waitFor();
    await expect.poll(() => view("New batch").count()).toBe(0);
    await page.goto(`${aws.site}/#/new`);
    await page.getByText("Operators start batches").waitFor();
    await page.goto(`${aws.site}/#/review`);
    await expect.poll(() => button(/^Approve many/).count()).toBe(0);
    expect(await page.getByText("Reviewing as").count()).toBe(0);
    await accessible(page);
  });

  it("signs out, here and at the sign-in page", async () => {
    await button("Sign out").click();
    await heading("Packshot").waitFor();
    await expect.poll(() => aws.asked.at(-1)).toBe("revoke");
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.reload();
    await button("Sign in").waitFor();
  });

  it("refuses a code that it has not asked for", async () => {
    await page.goto(`${aws.site}/?code=theirs&state=theirs`);
    await page.getByText("This sign-in was not begun in this window").waitFor();
    expect(page.url()).toBe(`${aws.site}/`);
  });

  it("has asked for nothing that its policy forbids", () => {
    expect(faults).toEqual([]);
  });
});
