/** Drawings as PNG: the colours, pixels and texts that a browser shows in the light theme. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openRasterizer } from "../../lib/io/raster.ts";
import { document, imageGrid, label, LIGHT, SERIES } from "../../lib/plot/mod.ts";
import { element } from "../../lib/plot/svg.ts";
import { fillClass } from "../../lib/plot/theme.ts";
import { type Raster, readPng } from "../plot/support/raster.ts";

/** The colour at a place of the drawing, of which each pixel is two by two of the PNG. */
function colourAt({ width, pixels }: Raster, x: number, y: number): string {
  const start = 3 * (2 * y * width + 2 * x);
  const [red = 0, green = 0, blue = 0] = pixels.subarray(start, start + 3);
  return `#${[red, green, blue].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

const WORDS = { title: "A title", description: "A description", margin: 10 };

Deno.test("openRasterizer() draws at twice the size, on a white background, in the light theme", async () => {
  const rasterize = await openRasterizer();
  const squares = SERIES.map((tone, index) =>
    element("rect", { class: fillClass(tone), x: 10 * index, y: 0, width: 10, height: 10 })
  );
  const figure = { width: 50, height: 10, markup: squares.join("") };
  const raster = readPng(rasterize(document(figure, WORDS)));
  assertEquals([raster.width, raster.height], [140, 60]);
  assertEquals(colourAt(raster, 0, 0), LIGHT.paper);
  for (const [index, tone] of SERIES.entries()) {
    assertEquals(colourAt(raster, 15 + 10 * index, 15), LIGHT[tone], tone);
  }
});

Deno.test("openRasterizer() keeps the pixels of images squares with sharp edges", async () => {
  const rasterize = await openRasterizer();
  const image = {
    width: 2,
    height: 2,
    channels: 1,
    pixels: Uint8Array.of(255, 0, 0, 255),
  } as const;
  const figure = imageGrid({ width: 40, columns: 1, side: 40, tiles: [{ image, name: "four" }] });
  const raster = readPng(rasterize(document(figure, WORDS)));
  const [ink, paper] = ["#000000", "#ffffff"];
  for (const [x, y, expected] of [[11, 11, ink], [29, 11, ink], [31, 11, paper], [29, 31, paper]]) {
    assertEquals(colourAt(raster, x as number, y as number), expected, `${x}, ${y}`);
  }
});

Deno.test("openRasterizer() draws texts, bold ones heavier, and characters outside the font", async () => {
  const rasterize = await openRasterizer();
  const inked = (content: string, bold: boolean) => {
    const { pixels } = readPng(rasterize(document(label(content, { bold }), WORDS)));
    return pixels.filter((value, index) => index % 3 === 0 && value < 128).length;
  };
  const [usual, bold] = [inked("weights", false), inked("weights", true)];
  assert(usual > 100 && bold > 1.1 * usual, `${usual}, ${bold}`);
  const unknown = inked("\u{10ffff}", false); // a box, where the font has no such character
  for (const character of "→−–×·≤σЖ") {
    assert(inked(character, false) > 0, character);
    assertNotEquals(inked(character, false), unknown, character);
  }
});
