/**
 * What a person looks at after a run: one SVG file with the result, the settings, the curves, the
 * confusion matrix and the mistakes. Nothing in it differs between machines.
 *
 * @module
 */
import { column, document } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { grid, MARGIN, panelRow } from "./grid.ts";
import { header, titleOf } from "./header.ts";
import type { Panel } from "./panel.ts";
import { panels } from "./panels.ts";
import { detailLine, resultLine } from "./result.ts";

export type { Figure } from "deno-plot-svg";
export type {
  EpochRecord,
  Evaluation,
  Gallery,
  PartName,
  ReductionRecord,
  RunRecord,
  Score,
  ScoreRecord,
} from "../run/record.ts";
export type { StepSeries } from "../run/steps.ts";
export type { Panel, PanelOf } from "./panel.ts";
export { panels } from "./panels.ts";
export { type SurroundingsFacts, surroundingsReport } from "./surroundings.ts";

/** A panel as a file of its own. */
export interface ChartFile {
  /** Name of the panel; the file is called after it. */
  readonly name: string;
  /** The file. */
  readonly svg: string;
}

/** All that is drawn of a run. */
export interface Drawings {
  /** The report as one SVG file: every panel that the run has data for. */
  readonly report: string;
  /** Each panel of the report as a file of its own, in the order of the report. */
  readonly charts: readonly ChartFile[];
}

/**
 * The report of a run and its panels as files; what both show is computed once.
 *
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function drawings(record: RunRecord): Drawings {
  const drawn = drawable(record);
  return { report: page(record, drawn), charts: files(record, drawn) };
}

/**
 * The report of a run as one SVG file: every panel that the run has data for.
 *
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function report(record: RunRecord): string {
  return page(record, drawable(record));
}

/**
 * Each panel of the report as a file of its own, in the order of the report.
 *
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function charts(record: RunRecord): readonly ChartFile[] {
  return files(record, drawable(record));
}

/** A panel with its name. */
type Named = readonly [name: string, panel: Panel];

function page(record: RunRecord, drawn: readonly Named[]): string {
  const figure = column([header(record), grid(drawn.map(([, panel]) => panel))], { gap: 36 });
  return document(figure, {
    title: `Report of ${record.run}`,
    description: describeRun(record),
    margin: MARGIN,
  });
}

function files(record: RunRecord, drawn: readonly Named[]): readonly ChartFile[] {
  return drawn.map(([name, panel]) => ({
    name,
    svg: document(panelRow([panel]), {
      title: `${panel.title} of ${record.run}`,
      description: panel.caption ?? describeRun(record),
    }),
  }));
}

function drawable(record: RunRecord): readonly Named[] {
  return Object.entries(panels).flatMap(([name, panelOf]) => {
    const panel = panelOf(record);
    return panel === undefined ? [] : [[name, panel] as const];
  });
}

function describeRun(record: RunRecord): string {
  const details = detailLine(record);
  return `${titleOf(record)}: ${resultLine(record)}${details === undefined ? "" : `; ${details}`}`;
}
