/**
 * The page layout: rows of panels in three columns.
 *
 * @module
 */
import { column, divider, type Figure, heading, label, row, space } from "deno-plot-svg";
import type { Panel } from "./panel.ts";
import { defined } from "../config/defined.ts";

/** Width [px] of a column. */
export const COLUMN = 348;

export const GUTTER = 40;
export const MARGIN = 38;
const COLUMNS = 3;

export const PAGE = spanWidth(COLUMNS);

/** Largest number of classes for which panels by class stay narrow; for more they span the page. */
export const FEW_CLASSES = 20;

/** Largest number of classes that a panel shows one by one. */
export const MOST_CLASSES = 100;

const BETWEEN_ROWS = 44;

function spanWidth(span: number): number {
  return span * COLUMN + (span - 1) * GUTTER;
}

export function section(title: string, panels: readonly Panel[]): Figure {
  const name = title === "" ? [] : [label(title, { size: 20, bold: true }), space(PAGE, 14)];
  return column([divider(PAGE), space(PAGE, 22), ...name, grid(panels)]);
}

/** Arranges panels, in order, in rows of three columns; a panel that does not fit starts the next row. */
export function grid(panels: readonly Panel[]): Figure {
  const rows: Panel[][] = [];
  let free = 0;
  for (const panel of panels) {
    if (panel.span > free) {
      rows.push([]);
      free = COLUMNS;
    }
    rows.at(-1)?.push(panel);
    free -= panel.span;
  }
  return { ...column(rows.map(panelRow), { gap: BETWEEN_ROWS }), width: PAGE };
}

/** Draws a panel at its width on the page, and returns a panel that reuses the drawing. */
export function drawOnce(panel: Panel): Panel {
  const figure = panel.draw(spanWidth(panel.span));
  return { ...panel, draw: () => figure };
}

/** Places panels side by side, with their drawings aligned below the headings. */
export function panelRow(panels: readonly Panel[]): Figure {
  const heads = panels.map(({ title, caption, span }) =>
    heading({ width: spanWidth(span), title, ...defined({ caption }) })
  );
  const height = Math.max(0, ...heads.map((head) => head.height)) + 12;
  return row(
    panels.map((panel, index) => {
      const width = spanWidth(panel.span);
      const head = { ...heads[index] ?? space(width, 0), height };
      return { ...column([head, panel.draw(width)]), width };
    }),
    { gap: GUTTER },
  );
}
