import { assert } from "@std/assert";
import type { Page } from "playwright-core";

/**
 * Share of the pixels that may differ. Between versions of Chromium and FreeType the edges of letters
 * differ, which cover less than a hundredth of a report; a text or a mark that moves, comes or goes changes
 * more than half of that share.
 */
const TOLERANCE = 0.004;

/** Steps of 256 by which a channel may differ: what smoothing does to edges that lie elsewhere by a tenth of a pixel. */
const STEPS = 32;

/**
 * Compares the whole page with the picture that is kept of it. If they differ, the new one is written beside
 * the old one as `<name>.changed.png`, to be looked at. After that, write the kept pictures anew:
 *
 *     deno test -A tests/full/report_test.ts -- --update
 */
export async function assertScreenshot(page: Page, kept: URL): Promise<void> {
  const size: { readonly width: number; readonly height: number } = await page.evaluate(
    "(({ width, height }) => ({ width, height }))(document.documentElement.viewBox.baseVal)",
  );
  await page.setViewportSize(size);
  const taken = await page.screenshot({ timeout: 120_000 }); // tall pages take long to be painted
  const changed = new URL(kept.href.replace(/\.png$/, ".changed.png"));
  if (Deno.args.includes("--update")) {
    await Deno.mkdir(new URL(".", kept), { recursive: true });
    await Deno.writeFile(kept, taken);
  }
  const share = await differing(page, await Deno.readFile(kept), taken);
  if (share <= TOLERANCE) return;
  await Deno.writeFile(changed, taken);
  assert(false, `${share} of the pixels have changed: look at "${changed.pathname}"`);
}

/** Share of the pixels in which two PNG files differ; 1 if they differ in size. */
async function differing(page: Page, one: Uint8Array, other: Uint8Array): Promise<number> {
  const uri = (png: Uint8Array) => {
    const binary = Array.from(png, (byte) => String.fromCharCode(byte)).join("");
    return `data:image/png;base64,${btoa(binary)}`;
  };
  await page.goto("about:blank");
  return await page.evaluate(`(async () => {
    const pixelsOf = async (uri) => {
      const image = new Image();
      image.src = uri;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    };
    const [one, other] = [await pixelsOf("${uri(one)}"), await pixelsOf("${uri(other)}")];
    if (one.width !== other.width || one.height !== other.height) return 1;
    let count = 0;
    for (let i = 0; i < one.data.length; i += 4) {
      const differs = (channel) => Math.abs(one.data[i + channel] - other.data[i + channel]) > ${STEPS};
      if (differs(0) || differs(1) || differs(2)) count++;
    }
    return count / (one.data.length / 4);
  })()`);
}
