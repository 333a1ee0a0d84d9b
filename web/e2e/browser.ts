/** The browser of this machine, and what is held against every page that it shows. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function browserPath(): string | undefined {
  return [process.env.CHROMIUM, ...PLACES].find((place) => place && existsSync(place));
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      "--no-sandbox", // as root, which CI is
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** A page on a desktop whose owner asks for no motion; a story waits for it no longer than half a minute. */
export async function desktop(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 850 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(30_000);
  return page;
}

/** Faults that a page may not have: errors in the console (broken policy too), and requests to other hosts. */
export function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A request that was refused on purpose is logged by the browser as an error, too.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) faults.push(`foreign request: ${url}`);
  });
  return faults;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds of serious or critical weight; WCAG 2.2 A and AA, and good practice. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own policy stays as it is.
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: Finding[];
  };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map((node) => `  ${node.html.slice(0, 200)}\n  ${node.failureSummary}`).join("\n")}`,
    );
}

/** Nothing serious, in light and in dark, since colours differ. */
export async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours that are still on their way from light to dark are nobody's contrast.
    await page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          .filter((one) => one instanceof CSSTransition)
          .map((one) => one.finished),
      ),
    );
    expect(await seriousFindings(page), `${page.url()} ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** No view may be wider than its window: a phone would have to be moved sideways. */
export async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, page.url()).toBeLessThanOrEqual(0);
}

/** Keeps what is seen at this point of a story, to be looked at: only where PICTURES names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
