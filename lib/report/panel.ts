import type { Figure } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";

/** A part of a report, ready to be drawn. */
export interface Panel {
  /** Heading. */
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly caption?: string;
  /** How many of the page's three columns it takes. */
  readonly span: 1 | 2 | 3;
  /** Draws it to a width in pixels. */
  draw(width: number): Figure;
}

/** What a panel shows of a run; undefined if the run has no data for it. */
export type PanelOf = (record: RunRecord) => Panel | undefined;
