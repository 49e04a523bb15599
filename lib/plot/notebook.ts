/**
 * Drawings in a notebook: objects that Deno's Jupyter kernel shows as SVG.
 *
 * @module
 */

/** The key of the method by which Deno's Jupyter kernel displays an object. */
const DISPLAY = Symbol.for("Jupyter.display");

/** An object that a notebook displays as a drawing if it is the value of a cell. */
export interface NotebookFigure {
  /** Returns the drawing by its media type; the key is `Symbol.for("Jupyter.display")`. */
  readonly [display: symbol]: () => { readonly "image/svg+xml": string };
}

/**
 * Returns a drawing as the value of a notebook's cell.
 *
 * @param svg text of an SVG file, as `document` and `report` return it
 */
export function notebookFigure(svg: string): NotebookFigure {
  return { [DISPLAY]: () => ({ "image/svg+xml": svg }) };
}
