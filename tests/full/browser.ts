/**
 * Debian's Chromium, driven by playwright-core.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";

/** Colours that the reader's system prefers. */
export type Colours = "light" | "dark";

/** Opens files in Chromium, one after the other in one page, and closes it at the end. */
export interface Viewer extends AsyncDisposable {
  /** Opens a file, and gives its page to `use` with what the console said. */
  view(
    url: URL,
    colours: Colours,
    use: (page: Page, console: readonly string[]) => Promise<void>,
  ): Promise<void>;
}

/** Width and height of what a page shows, a drawing or a document, in pixels. */
export async function sizeOf(page: Page): Promise<{ width: number; height: number }> {
  return await page.evaluate(`(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    return { width: Math.ceil(width), height: Math.ceil(height) };
  })()`);
}

/** Returns a screenshot of a whole page as a PNG. */
export async function takeScreenshot(page: Page): Promise<Uint8Array> {
  await page.setViewportSize(await sizeOf(page));
  return await page.screenshot({ timeout: 120_000 }); // tall pages take long to be painted
}

/** Starts Chromium. */
export async function openViewer(): Promise<Viewer> {
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"], // root has no sandbox, and the pages are our own
  });
  const page = await browser.newPage();
  const messages: string[] = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("requestfailed", (request) => messages.push(`no answer: ${request.url()}`));
  return {
    async view(url, colours, use) {
      messages.length = 0;
      await page.setViewportSize({ width: 1280, height: 1600 });
      await page.emulateMedia({ colorScheme: colours });
      await page.goto(url.href);
      await use(page, messages);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
