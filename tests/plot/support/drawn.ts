/**
 * Reads the elements of a figure as they are in the file.
 *
 * @module
 */
import { document, type Figure, textWidth } from "../../../lib/plot/mod.ts";
import { readSvg, type Tree, walk } from "./tree.ts";

/** The figure as a file without a margin. */
export function fileOf(figure: Figure): string {
  return document(figure, { title: "title", description: "description", margin: 0 });
}

/** The figure's elements of a name, in the order of the file; of "text", "rect" and so on. */
export function elementsOf(figure: Figure, name: string): readonly Tree[] {
  return [...walk(readSvg(fileOf(figure)))].filter((tree) => tree.name === name);
}

/** The figure's texts. */
export function textsOf(figure: Figure): readonly string[] {
  return elementsOf(figure, "text").map(({ text }) => text);
}

/** The hover titles of a figure, without the title of the file. */
export function hoverTitlesOf(figure: Figure): readonly string[] {
  return elementsOf(figure, "title").slice(1).map(({ text }) => text);
}

/** Returns the left and right end of a text, in its parent's coordinates. */
export function spanOf({ attributes, text }: Tree): readonly [number, number] {
  const width = textWidth(text, { size: Number(attributes["font-size"] ?? 12) });
  const before = { start: 0, middle: 0.5, end: 1 }[attributes["text-anchor"] ?? "start"] ?? NaN;
  const left = Number(attributes.x) - before * width;
  return [left, left + width];
}
