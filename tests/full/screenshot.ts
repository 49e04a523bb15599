import { assert } from "@std/assert";
import type { Page } from "playwright-core";
import { type Raster, readPng, writePng } from "../plot/support/raster.ts";
import { takeScreenshot } from "./browser.ts";

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
 *     deno test -A tests/full/report_test.ts tests/full/screenshots_test.ts -- --update
 */
export async function assertScreenshot(page: Page, kept: URL): Promise<void> {
  const taken = readPng(await takeScreenshot(page));
  if (Deno.args.includes("--update")) {
    await Deno.mkdir(new URL(".", kept), { recursive: true });
    await Deno.writeFile(kept, writePng(taken));
  }
  const share = differingPixels(readPng(await Deno.readFile(kept)), taken);
  if (share <= TOLERANCE) return;
  const changed = new URL(kept.href.replace(/\.png$/, ".changed.png"));
  await Deno.writeFile(changed, writePng(taken));
  assert(false, `${share} of the pixels have changed: look at "${changed.pathname}"`);
}

/** Share of the pixels in which two pictures differ; 1 if they differ in size. */
function differingPixels(one: Raster, other: Raster): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let count = 0;
  for (let at = 0; at < one.pixels.length; at += 3) {
    const isFar = [at, at + 1, at + 2].some((channel) =>
      Math.abs(one.pixels[channel] - other.pixels[channel]) > STEPS
    );
    if (isFar) count++;
  }
  return count / (one.width * one.height);
}
