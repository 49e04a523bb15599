/**
 * Shows drawings in notebooks: returns objects that Deno's Jupyter kernel displays as SVG.
 *
 * @module
 */

/** Key of the method that Deno's Jupyter kernel calls to display an object. */
const DISPLAY = Symbol.for("Jupyter.display");

/** An object that a notebook shows as a drawing if it is the value of a cell. */
export interface NotebookFigure {
  /** Returns the drawing by its media type; the key is `Symbol.for("Jupyter.display")`. */
  readonly [display: symbol]: () => { readonly "image/svg+xml": string };
}

/**
 * Returns an object that a notebook shows as a drawing if it is the value of a cell.
 *
 * @param svg text of an SVG file, for example the result of `document`
 */
export function notebookFigure(svg: string): NotebookFigure {
  return { [DISPLAY]: () => ({ "image/svg+xml": svg }) };
}
