/**
 * The part of SVG that the project's drawings keep to: what Chromium and Firefox, Inkscape and librsvg
 * all draw. No script, no animation, no filter, no marker, no reference but to an image inside.
 *
 * @module
 */
import { assert, assertMatch } from "@std/assert";
import { type Tree, walk } from "./tree.ts";

const STROKES = [
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
] as const;

/** Elements with their attributes. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  svg: ["xmlns", "xmlns:xlink", "class", "role", "aria-labelledby", "width", "height", "viewBox"],
  title: ["id"],
  desc: ["id"],
  style: [],
  g: ["transform"],
  rect: ["class", "x", "y", "width", "height", "rx", "fill-opacity"],
  line: ["class", "x1", "y1", "x2", "y2"],
  circle: ["class", "cx", "cy", "r", "fill-opacity", ...STROKES],
  path: ["class", "d", "fill-opacity", ...STROKES],
  text: ["class", "x", "y", "font-size", "font-weight", "text-anchor", "transform"],
  image: ["class", "x", "y", "width", "height", "preserveAspectRatio", "aria-label", "xlink:href"],
};

/** Attributes that hold a single number. */
const NUMBERS = [
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "cx",
  "cy",
  "r",
  "rx",
  "width",
  "height",
  "stroke-width",
  "stroke-opacity",
  "fill-opacity",
  "font-size",
];

/** Checks that a file holds nothing else, and that its numbers are rounded numbers. */
export function assertAllowed(root: Tree): void {
  for (const element of walk(root)) {
    const allowed = ALLOWED[element.name];
    assert(allowed !== undefined, `unexpected element "${element.name}"`);
    for (const [key, value] of Object.entries(element.attributes)) {
      assert(allowed.includes(key), `unexpected attribute "${key}" of "${element.name}"`);
      if (key === "xlink:href") assertMatch(value, /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
      if (NUMBERS.includes(key)) assertMatch(value, /^(?!-0$)-?\d+(\.\d{1,2})?$/);
      if (key === "d") assertMatch(value, /^[MLHVZ0-9.,-]+$/);
      if (["width", "height", "r"].includes(key)) assert(Number(value) >= 0, `${key} ${value}`);
    }
  }
}
