/**
 * Checks that every drawn file of the project must pass.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { textWidth } from "../../../lib/plot/mod.ts";
import { assertAllowed } from "./allowed.ts";
import { readSvg, type Tree } from "./tree.ts";

/** Checks a whole file: well formed, allowed, self-contained, numbers rounded, texts inside. */
export function assertGoodSvg(svg: string): void {
  const root = readSvg(svg);
  assertEquals(root.name, "svg");
  assertEquals(root.attributes.role, "img");
  const named = root.children.slice(0, 2);
  assertEquals(named.map(({ name }) => name), ["title", "desc"]);
  const ids = named.map(({ attributes }) => attributes.id).join(" ");
  assertEquals(root.attributes["aria-labelledby"], ids);
  assert(!/NaN|Infinity|undefined|\[object/.test(markupOnly(svg)), "a value that is no number");
  assertAllowed(root);
  assertTextsInside(root);
}

/** Checks that every text lies inside the file's box, by the table of widths. */
function assertTextsInside(root: Tree): void {
  const width = Number(root.attributes.width);
  const height = Number(root.attributes.height);
  const visit = (tree: Tree, left: number, top: number) => {
    const [, dx = 0, dy = 0] = /^translate\((.+),(.+)\)$/.exec(tree.attributes.transform ?? "")
      ?.map(Number) ?? [];
    if (tree.name === "text") {
      const box = textBox(tree);
      const inside = left + box.left >= -0.5 && left + box.right <= width + 0.5 &&
        top + box.top >= -0.5 && top + box.bottom <= height + 0.5;
      assert(inside, `text "${tree.text}" leaves the file's ${width} × ${height}`);
    }
    for (const child of tree.children) visit(child, left + dx, top + dy);
  };
  visit(root, 0, 0);
}

/** The box of a text in the coordinates of its parent. */
function textBox({ attributes, text }: Tree) {
  const size = Number(attributes["font-size"] ?? 12);
  const length = textWidth(text, { size, bold: attributes["font-weight"] !== undefined });
  const before =
    { start: 0, middle: length / 2, end: length }[attributes["text-anchor"] ?? "start"];
  const x = Number(attributes.x);
  const y = Number(attributes.y);
  const from = before ?? NaN;
  if (attributes.transform === undefined) {
    return {
      left: x - from,
      right: x - from + length,
      top: y - 0.8 * size,
      bottom: y + 0.25 * size,
    };
  }
  assertEquals(attributes.transform, `rotate(-90,${x},${y})`);
  return { left: x - 0.8 * size, right: x + 0.25 * size, top: y + from - length, bottom: y + from };
}

/** The file without its texts, in which a name may well be "NaN". */
function markupOnly(svg: string): string {
  return svg.replace(/>[^<]*</g, "><").replace(/aria-label="[^"]*"|href="[^"]*"/g, "");
}
