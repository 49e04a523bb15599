/**
 * Drawings as PDF, as a browser prints them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { type Raster, readPng } from "../plot/support/raster.ts";
import { sizeOf } from "./browser.ts";

/** Paper of a standard size, or a sheet as large as the drawing. */
export type Paper = "A4" | "Letter" | "its own";

/** Room that browsers leave at each side of paper unless told: 1 cm. */
const MARGIN = "1cm";

/** The page as a PDF file. */
export async function printed(page: Page, paper: Paper): Promise<Uint8Array> {
  if (paper === "its own") {
    const { width, height } = await sizeOf(page);
    return await page.pdf({ width: `${width}px`, height: `${height}px` });
  }
  const margin = { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN };
  return await page.pdf({ format: paper, margin });
}

/** Texts of the drawing that a page shows. */
export async function textsOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(
    `[...document.querySelectorAll("text")].map((text) => text.firstChild?.textContent ?? "")`,
  );
}

/** Those of some texts that are not found as text in a PDF, where all that is cut off is missing. */
export async function missingTexts(
  texts: readonly string[],
  pdf: Uint8Array,
): Promise<readonly string[]> {
  const output = await run("pdftotext", ["-raw", "-", "-"], pdf);
  const found = withoutSpaces(new TextDecoder().decode(output));
  return texts.filter((text) => !found.includes(withoutSpaces(text)));
}

function withoutSpaces(text: string): string {
  return text.replace(/\s/g, "");
}

/** The first page of a PDF in pixels of CSS, 96 to the inch. */
export async function rasterOf(pdf: Uint8Array): Promise<Raster> {
  return readPng(await run("pdftoppm", ["-png", "-r", "96", "-f", "1", "-l", "1", "-"], pdf));
}

/** Runs a program that reads one file and writes another. */
export async function run(
  program: string,
  args: readonly string[],
  input: Uint8Array,
): Promise<Uint8Array> {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    writer.write(Uint8Array.from(input)).then(() => writer.close()),
  ]);
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""], program);
  return stdout;
}
