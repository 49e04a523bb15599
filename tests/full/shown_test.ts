/**
 * Every kind of drawing as people see it: in a browser, light and dark, printed by it, and by librsvg, which
 * file managers, wikis and converters draw SVG with.
 */
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { assertAllowed } from "../plot/support/allowed.ts";
import { differingShare, readPng } from "../plot/support/raster.ts";
import { readSvg } from "../plot/support/tree.ts";
import { openViewer, takeScreenshot } from "./browser.ts";
import { clippedTexts, faintTexts, overlappingTexts } from "./legible.ts";
import {
  missingTexts,
  type Paper,
  printed,
  rasterOf,
  run as runProgram,
  textsOf,
} from "./printed.ts";
import { withRun } from "./task.ts";

/** Drawings that are kept: others tests hold them equal to what is drawn. */
const KEPT = [
  "plot/examples",
  "report/snapshots",
  "analysis/compare/snapshots",
  "analysis/explore/snapshots",
  "analysis/lr_range/snapshots",
  "analysis/profile/snapshots",
  "analysis/sweep/snapshots",
  "bench/snapshots",
].map((path) => fromFileUrl(new URL(`../${path}`, import.meta.url)));

/** The file without its folders, which a message names. */
function nameOf(file: string): string {
  return file.split("/").slice(-2).join("/");
}

/** Paths of the SVG files in folders. */
function drawingsIn(...folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) =>
    [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name))
  );
  return files.filter((file) => file.endsWith(".svg") && !file.endsWith(".changed.svg")).sort();
}

Deno.test("drawings of all kinds", async (test) => {
  await using viewer = await openViewer();
  await withRun([], async (run) => {
    const files = [...drawingsIn(run, join(run, "charts")), ...drawingsIn(...KEPT)];
    assertGreater(files.length, 50);

    await test.step("are well-formed XML", async () => {
      const xmllint = new Deno.Command("xmllint", { args: ["--noout", ...files] });
      const { code, stderr } = await xmllint.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    });

    await test.step("use only elements that all renderers draw", () => {
      for (const file of files) assertAllowed(readSvg(Deno.readTextFileSync(file)));
    });

    for (const colours of ["light", "dark"] as const) {
      await test.step(`are shown completely and legibly, ${colours}, without warnings`, async () => {
        for (const file of files) {
          await viewer.view(toFileUrl(file), colours, async (page, messages) => {
            assertEquals(await clippedTexts(page), [], nameOf(file));
            assertEquals(await overlappingTexts(page), [], nameOf(file));
            assertEquals(await faintTexts(page), [], nameOf(file));
            assertEquals(messages, [], nameOf(file));
          });
        }
      });
    }

    await test.step("are drawn by librsvg as by Chromium, with texts as texts", async () => {
      for (const file of files) {
        const svg = await Deno.readFile(file);
        await viewer.view(toFileUrl(file), "light", async (page) => {
          const inBrowser = readPng(await takeScreenshot(page));
          const drawn = readPng(await runProgram("rsvg-convert", [], svg));
          assertEquals([drawn.width, drawn.height], [inBrowser.width, inBrowser.height]);
          assertLessOrEqual(differingShare(drawn, inBrowser), SMOOTHED, nameOf(file));
          const pdf = await runProgram("rsvg-convert", ["--format", "pdf"], svg);
          assertEquals(await missingTexts(await textsOf(page), pdf), [], nameOf(file));
        });
      }
    });

    await test.step("are printed completely and in light colours from a dark theme, with texts as texts", async () => {
      for (const file of files) {
        await viewer.view(toFileUrl(file), "dark", async (page) => {
          const texts = await textsOf(page);
          const own = await printed(page, "its own");
          assertEquals(await missingTexts(texts, own), [], nameOf(file));
          for (const paper of PAPERS) {
            const missing = await missingTexts(texts, await printed(page, paper));
            assertEquals(missing, [], `${nameOf(file)} on ${paper}`);
          }
          const onPaper = await rasterOf(own);
          await page.emulateMedia({ colorScheme: "light" });
          const inBrowser = readPng(await takeScreenshot(page));
          assertLessOrEqual(Math.abs(onPaper.height - inBrowser.height), ROUNDED, nameOf(file));
          assertLessOrEqual(differingShare(onPaper, inBrowser), SMOOTHED, nameOf(file));
        });
      }
    });
  });
});

/**
 * Share of squares that may differ, twice that of images: librsvg smooths pixels, which of large images of
 * 30 pixels are 5 thousandths of a page, and in PDF they begin up to a pixel elsewhere, which of 24
 * digits are 2 thousandths. Drawings without images do not differ at all.
 */
const SMOOTHED = 0.01;

/** Usual paper sizes. */
const PAPERS: readonly Paper[] = ["A4", "Letter"];

/** Pixels by which a page differs in height: sizes of PDF are whole points, a third larger than pixels. */
const ROUNDED = 2;
