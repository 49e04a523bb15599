/**
 * A figure is a drawing with a size, its upper left corner at (0, 0). Marks, tables and text become
 * figures; figures are set in rows and columns; {@link document} makes the outermost one a file.
 *
 * @module
 */
import { coordinate, largest } from "./numbers.ts";
import { crc32 } from "./png.ts";
import { element, escapeText, translate } from "./svg.ts";
import { fill, stroke, styleSheet } from "./theme.ts";

/** A drawing and the room it takes, in pixels. */
export interface Figure {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** SVG elements inside [0, width] × [0, height]. */
  readonly markup: string;
}

/** What a screen reader says of a file, and the space around its figure. */
export interface DocumentOptions {
  /** The name of the picture. */
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** Space on each side in pixels; 24 unless told. */
  readonly margin?: number;
}

/**
 * A whole SVG file that needs nothing else: no script, no font, no other file. A screen reader finds
 * its title and description by names that follow from the two, so pages can hold several files.
 */
export function document(
  figure: Figure,
  { title, description, margin = 24 }: DocumentOptions,
): string {
  const width = Math.ceil(figure.width + 2 * margin);
  const height = Math.ceil(figure.height + 2 * margin);
  const name = `plot-${crc32(new TextEncoder().encode(`${title}\n${description}`)).toString(16)}`;
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    class: "plot",
    role: "img",
    "aria-labelledby": `${name} ${name}-description`,
    width,
    height,
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
  };
  return element(
    "svg",
    attributes,
    "\n",
    element("title", { id: name }, escapeText(title)),
    "\n",
    element("desc", { id: `${name}-description` }, escapeText(description)),
    "\n",
    element("style", {}, styleSheet()),
    "\n",
    element("rect", { class: fill("paper"), width, height }),
    "\n",
    translate(margin, margin, figure.markup),
    "\n",
  ) + "\n";
}

/** How figures stand beside or above each other. */
export interface StackOptions {
  /** Space between two figures in pixels; 0 unless told. */
  readonly gap?: number;
}

/** Figures beside each other, tops aligned. */
export function row(figures: readonly Figure[], { gap = 0 }: StackOptions = {}): Figure {
  let x = 0;
  const placed = figures.map((figure) => {
    const markup = translate(x, 0, figure.markup);
    x += figure.width + gap;
    return markup;
  });
  return {
    width: Math.max(0, x - gap),
    height: largest(figures.map(({ height }) => height)),
    markup: placed.join("\n"),
  };
}

/** Figures below each other, left sides aligned. */
export function column(figures: readonly Figure[], { gap = 0 }: StackOptions = {}): Figure {
  let y = 0;
  const placed = figures.map((figure) => {
    const markup = translate(0, y, figure.markup);
    y += figure.height + gap;
    return markup;
  });
  return {
    width: largest(figures.map(({ width }) => width)),
    height: Math.max(0, y - gap),
    markup: placed.join("\n"),
  };
}

/** Empty room. */
export function space(width: number, height: number): Figure {
  return { width, height, markup: "" };
}

/** A faint line across a page. */
export function divider(width: number): Figure {
  const line = element("line", { class: stroke("faint"), x1: 0, y1: 0.5, x2: width, y2: 0.5 });
  return { width, height: 1, markup: line };
}
