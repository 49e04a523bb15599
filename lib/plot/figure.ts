/**
 * Arranges figures in rows and columns, and writes them as files. A figure is a drawing with a size, whose
 * upper left corner is at (0, 0). Charts, tables and texts are figures; {@link document} returns a file with
 * a figure.
 *
 * @module
 */
import { formatCoordinate, largestOrZero } from "./numbers.ts";
import { crc32 } from "./png.ts";
import { element, escapeText, translate } from "./svg.ts";
import { fillClass, strokeClass, styleSheet } from "./theme.ts";

/** A drawing and its size [px]. */
export interface Figure {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** SVG elements inside [0, width] × [0, height]. */
  readonly markup: string;
}

/** Title and description of a file for screen readers, and the space around its figure. */
export interface DocumentOptions {
  /** Title of the picture. */
  readonly title: string;
  /** Text alternative of the picture. */
  readonly description: string;
  /** Space on each side in pixels. Defaults to 24. */
  readonly margin?: number;
}

/**
 * Returns the text of an SVG file with a figure. The file is complete in itself: it has no scripts, embedded
 * fonts or references to other files. The ids of its title and description are hashes of these two texts, so
 * that a web page can contain several files.
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
    viewBox: `0 0 ${formatCoordinate(width)} ${formatCoordinate(height)}`,
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
    element("rect", { class: fillClass("paper"), width, height }),
    "\n",
    translate(margin, margin, figure.markup),
    "\n",
  ) + "\n";
}

/** Options of rows and columns of figures. */
export interface StackOptions {
  /** Space between two figures in pixels. Defaults to 0. */
  readonly gap?: number;
}

/** Places figures side by side, aligned at the top. */
export function row(figures: readonly Figure[], { gap = 0 }: StackOptions = {}): Figure {
  let x = 0;
  const placed = figures.map((figure) => {
    const markup = translate(x, 0, figure.markup);
    x += figure.width + gap;
    return markup;
  });
  return {
    width: Math.max(0, x - gap),
    height: largestOrZero(figures.map(({ height }) => height)),
    markup: placed.join("\n"),
  };
}

/** Places figures one below the other, aligned on the left. */
export function column(figures: readonly Figure[], { gap = 0 }: StackOptions = {}): Figure {
  let y = 0;
  const placed = figures.map((figure) => {
    const markup = translate(0, y, figure.markup);
    y += figure.height + gap;
    return markup;
  });
  return {
    width: largestOrZero(figures.map(({ width }) => width)),
    height: Math.max(0, y - gap),
    markup: placed.join("\n"),
  };
}

/** Returns an empty figure. */
export function space(width: number, height: number): Figure {
  return { width, height, markup: "" };
}

/** Draws a faint line across a page. */
export function divider(width: number): Figure {
  const line = element("line", { class: strokeClass("faint"), x1: 0, y1: 0.5, x2: width, y2: 0.5 });
  return { width, height: 1, markup: line };
}
