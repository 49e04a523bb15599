import type { Figure } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";

/** A panel of a report, ready to be drawn. */
export interface Panel {
  /** Heading of the panel. */
  readonly title: string;
  /** One or two plain sentences on what the drawing shows. Defaults to none. */
  readonly caption?: string;
  /**
   * Text alternative of the panel's own file, for screen readers. Defaults to the caption. A panel that
   * explains itself has a description without a caption.
   */
  readonly description?: string;
  /** Number of the page's three columns that it spans. */
  readonly span: 1 | 2 | 3;
  /** Draws the panel to a width [px]. */
  draw(width: number): Figure;
}

/** A function that returns a panel of a run; undefined if the run has no data for the panel. */
export type PanelOf = (record: RunRecord) => Panel | undefined;
