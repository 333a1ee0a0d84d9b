/** Somebody at a desktop who has opened the page of a server of their own. */
import type { Browser, Page } from "playwright-core";
import { desktop, faultsOf, launch } from "./browser";
import { type Server, startServer } from "./server";

export interface Visit {
  server: Server;
  browser: Browser;
  page: Page;
  /** What is held against the page; see `faultsOf`. */
  faults: string[];
}

/** `patience`: ms that a story waits for what it asks of the page. */
export async function visit(patience = 30_000): Promise<Visit> {
  const server = await startServer();
  const browser = await launch().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const page = await desktop(browser);
  page.setDefaultTimeout(patience);
  const faults = faultsOf(page, server.origin);
  await page.goto(server.link);
  return { server, browser, page, faults };
}

/** Goes to a place of the page as with a new tab: nothing of the last one is in memory. */
export async function openAnew(page: Page, server: Server, place: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${server.link.split("?")[0]}#/${place}`);
}
