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

/** Space [px] between two columns. */
export const GUTTER = 40;

/** Space [px] around the page. */
export const MARGIN = 38;

/** Number of columns of the page. */
const COLUMNS = 3;

/** Width [px] of the page without its margin. */
export const PAGE = spanWidth(COLUMNS);

/**
 * Largest number of classes for which a panel with a row for each class is narrower than the page: one or
 * two columns.
 */
export const FEW_CLASSES = 20;

/** Largest number of classes of which a panel shows each one. */
export const MOST_CLASSES = 100;

/** Space [px] between two rows of panels. */
const BETWEEN_ROWS = 44;

/** Returns the width [px] of a panel over `span` columns. */
function spanWidth(span: number): number {
  return span * COLUMN + (span - 1) * GUTTER;
}

/** Draws a section of the page: a line across the page, the title if it is not empty, and the panels. */
export function drawSection(title: string, panels: readonly Panel[]): Figure {
  const name = title === "" ? [] : [label(title, { size: 20, bold: true }), space(PAGE, 14)];
  return column([divider(PAGE), space(PAGE, 22), ...name, drawPanels(panels)]);
}

/** Draws panels in their order in rows of three columns. A panel that does not fit starts the next row. */
export function drawPanels(panels: readonly Panel[]): Figure {
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
  return { ...column(rows.map(drawPanelRow), { gap: BETWEEN_ROWS }), width: PAGE };
}

/**
 * Draws a panel at once, at its width on the page. Returns a copy of the panel whose `draw()` returns this
 * drawing and ignores its width, so that the page and the panel's own file share one drawing.
 */
export function predrawPanel(panel: Panel): Panel {
  const figure = panel.draw(spanWidth(panel.span));
  return { ...panel, draw: () => figure };
}

/**
 * Draws panels with their headings side by side. Their drawings start at the same height, below the tallest
 * heading.
 */
export function drawPanelRow(panels: readonly Panel[]): Figure {
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
