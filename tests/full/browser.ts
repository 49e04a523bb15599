/**
 * Debian's Chromium, driven by playwright-core.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";

/** How a page looks: the colours that the reader's system asks for. */
export type Colours = "light" | "dark";

/** Opens files in Chromium, and closes it at the end. */
export interface Viewer extends AsyncDisposable {
  /** Opens a page, gives it to `use` with what its console said, and closes it. */
  view(
    url: URL,
    colours: Colours,
    use: (page: Page, console: readonly string[]) => Promise<void>,
  ): Promise<void>;
}

/** Starts Chromium. */
export async function openViewer(): Promise<Viewer> {
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"], // root has no sandbox, and the pages are our own
  });
  return {
    async view(url, colours, use) {
      const page = await browser.newPage({
        colorScheme: colours,
        viewport: { width: 1280, height: 1600 },
      });
      const messages: string[] = [];
      page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => messages.push(String(error)));
      page.on("requestfailed", (request) => messages.push(`no answer: ${request.url()}`));
      try {
        await page.goto(url.href);
        await use(page, messages);
      } finally {
        await page.close();
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
