/**
 * Finds texts of a drawing in a browser that a person could not read.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { contrast, LEAST_CONTRAST } from "../plot/support/contrast.ts";
import { type Raster, readPng } from "../plot/support/raster.ts";
import { takeScreenshot } from "./browser.ts";

/** Texts that stand out of the drawing's viewBox, as the browser lays them out. */
export async function clippedTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(() => {
    const svg = document.documentElement;
    const { x, y, width, height } = svg.viewBox.baseVal;
    const toDrawing = svg.getScreenCTM().inverse();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBBox();
      const matrix = toDrawing.multiply(text.getScreenCTM());
      return [[0, 0], [1, 0], [0, 1], [1, 1]].some(([right, down]) => {
        const corner = new DOMPoint(box.x + right * box.width, box.y + down * box.height)
          .matrixTransform(matrix);
        return corner.x < x || corner.x > x + width || corner.y < y || corner.y > y + height;
      });
    }).map((text) => text.textContent);
  })()`);
}

/**
 * Pairs of texts that lie over each other, as the browser lays them out. Of each box a fifth above and
 * below is left out: it has room for accents and descenders, which neighbouring lines may share.
 */
export async function overlappingTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(() => {
    const boxes = [...document.querySelectorAll("text")].map((text) => {
      const { left, right, top, bottom, width, height } = text.getBoundingClientRect();
      const upright = width > height || text.textContent.length < 3;
      const [x, y] = upright ? [0.5, height / 5] : [width / 5, 0.5];
      const said = text.firstChild?.textContent ?? "";
      return { left: left + x, right: right - x, top: top + y, bottom: bottom - y, said };
    }).sort((a, b) => a.top - b.top);
    return boxes.flatMap((one, index) => {
      const pairs = [];
      for (let i = index + 1; i < boxes.length && boxes[i].top < one.bottom; i++) {
        const other = boxes[i];
        const apart = other.left >= one.right || other.right <= one.left;
        if (!apart) pairs.push(one.said + " / " + other.said);
      }
      return pairs;
    });
  })()`);
}

/** A text as the browser shows it: where it lies in pixels, and its colour. */
interface ShownText {
  readonly said: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
}

/** The part of a text's pixels that lines of a chart may cross. */
const CROSSED = 0.1;

/**
 * Texts with less contrast than 4.5 to what lies beneath them: their colour, where letters are, against
 * the pixels that are there without them. Texts of which nothing is seen are among them.
 *
 * The page has no texts any more afterwards.
 */
export async function faintTexts(page: Page): Promise<readonly string[]> {
  const shown = readPng(await takeScreenshot(page));
  const texts: readonly ShownText[] = await page.evaluate(`
    [...document.querySelectorAll("text")].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const said = text.firstChild?.textContent ?? "";
      return { said, left, right, top, bottom, fill: getComputedStyle(text).fill };
    })
  `);
  await page.evaluate(`document.querySelectorAll("text").forEach((text) => text.remove())`);
  const ground = readPng(await takeScreenshot(page));
  return texts.filter((text) => isFaint(text, shown, ground)).map(({ said }) => said);
}

function isFaint(text: ShownText, shown: Raster, ground: Raster): boolean {
  const ink = (text.fill.match(/\d+/g) ?? []).map(Number);
  let [letters, faint] = [0, 0];
  for (let y = Math.max(0, Math.floor(text.top)); y < Math.min(shown.height, text.bottom); y++) {
    for (let x = Math.max(0, Math.floor(text.left)); x < Math.min(shown.width, text.right); x++) {
      const [over, beneath] = [colourAt(shown, x, y), colourAt(ground, x, y)];
      if (over.every((channel, index) => channel === beneath[index])) continue;
      letters++;
      if (contrast(ink, beneath) < LEAST_CONTRAST) faint++;
    }
  }
  return letters === 0 || faint > CROSSED * letters;
}

function colourAt({ width, pixels }: Raster, x: number, y: number): readonly number[] {
  const at = 3 * (y * width + x);
  return [pixels[at], pixels[at + 1], pixels[at + 2]];
}
