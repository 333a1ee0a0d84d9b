/**
 * Makes the pictures of the page that docs/page.md shows:
 *
 *     packshot serve demo --no-open          # after make demo
 *     npm --prefix web run pictures -- 'http://127.0.0.1:8000/?token=...'
 *
 * It reviews nothing and starts nothing; it leaves a folder of uploads behind.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const OUT = process.env.OUT ?? join(ROOT, "docs/images");
const PHOTOS = ["tea/TEA-GREEN-100/primary", "tea/TEA-GREEN-100/side", "tea/TEA-GREEN-100/angle", "tea/TEA-EARL-100/primary", "tea/TEA-EARL-100/angle", "home/MUG-HALDEN/primary"];
const LOOKS = {
  "": { viewport: { width: 1360, height: 850 }, colorScheme: "light" },
  "-dark": { viewport: { width: 1360, height: 850 }, colorScheme: "dark" },
  "-phone": { viewport: { width: 390, height: 780 }, colorScheme: "light", deviceScaleFactor: 2, hasTouch: true },
};
const WAIT = Number(process.env.WAIT ?? 1500);

const link = process.argv[2];
if (!link) throw new Error("say the link that packshot serve has printed");
const { origin } = new URL(link);
const program = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
const only = process.argv.slice(3);

for (const [suffix, look] of Object.entries(LOOKS)) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...look });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  const get = (path) => page.evaluate((to) => fetch(to).then((answer) => answer.json()), path);
  const batches = (await get("/api/v1/batches")).items;
  const batch = batches.toSorted((one, other) => other.counts.total - one.counts.total)[0];
  const images = (await get(`${batch.links.images}?limit=200`)).items;
  const shown = images.find((one) => one.sku_id === "TOTE-MARKET") ?? images[0];
  const views = {
    batches: async () => page.goto(`${origin}/#/`),
    batch: async () => page.goto(`${origin}/#/batches/${batch.batch_id}`),
    compare: async () => {
      await page.goto(`${origin}/#/batches/${batch.batch_id}/images/${shown.image_id}`);
      await page.locator(".photo:not(.coming)").last().waitFor();
    },
    review: async () => {
      await page.goto(`${origin}/#/review`);
      await page.locator(".photo:not(.coming)").last().waitFor();
    },
    overview: async () => page.goto(`${origin}/#/overview`),
    new: async () => {
      await page.goto(`${origin}/#/new`);
      await page.getByLabel("Files", { exact: true }).setInputFiles(
        PHOTOS.map((name) => ({
          name: `${name.split("/").slice(1).join("-")}.jpg`,
          mimeType: "image/jpeg",
          buffer: readFileSync(join(ROOT, `examples/photos/${name}.jpg`)),
        })),
      );
      await page.getByText(/^6 of 6 files sent/).waitFor();
      await page.mouse.move(0, 0);
      await page.locator("button.face").first().press("Enter");
    },
  };
  for (const [name, show] of Object.entries(views)) {
    if (only.length > 0 && !only.includes(name)) continue;
    await show();
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(WAIT);
    const quality = suffix === "-phone" ? 60 : 80;
    await page.screenshot({ path: join(OUT, `page-${name}${suffix}.jpg`), type: "jpeg", quality });
  }
  await context.close();
}
await browser.close();
