/**
 * Draws the report of a run: one SVG file with the result, the data, the training, the network and its
 * mistakes. Its bytes are the same on every machine.
 *
 * @module
 */
import { column, document } from "deno-plot-svg";
import { formatCount } from "../format/numbers.ts";
import type { RunRecord } from "../run/record.ts";
import { type ChartFile, chartFiles, type Drawings } from "./charts.ts";
import { stageOptions } from "./config.ts";
import { drawSection, MARGIN, predrawPanel } from "./grid.ts";
import { drawRunHead, runTitle } from "./header.ts";
import type { Panel, PanelOf } from "./panel.ts";
import { panels, sections } from "./panels.ts";
import { formatResult } from "./result.ts";

export type { Figure } from "deno-plot-svg";
export type { AugmentedGallery, Gallery, ReductionRecord, RunRecord } from "../run/record.ts";
export type { ChartFile, Drawings } from "./charts.ts";
export type { Panel, PanelOf } from "./panel.ts";
export { panels };

/**
 * Draws the report of a run as one file, and each of its panels as a file of its own.
 *
 * @param panels names of the panels to draw. Defaults to the panels that the run's config names, or to all
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function drawings(record: RunRecord, panels?: readonly string[]): Drawings {
  const drawn = drawSections(record, panels ?? configuredPanels(record));
  return { report: drawPage(record, drawn), charts: drawFiles(record, drawn) };
}

/**
 * Draws the report of a run as one SVG file: the panels that its config names and for which the run has data.
 *
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function report(record: RunRecord): string {
  return drawPage(record, drawSections(record, configuredPanels(record)));
}

/**
 * Draws each panel of the report as a file of its own, in the order of the report.
 *
 * @throws {TypeError} if arrays of an evaluation do not fit together
 * @throws {RangeError} if a label is not a class, or a probability is NaN
 */
export function charts(record: RunRecord): readonly ChartFile[] {
  return drawFiles(record, drawSections(record, configuredPanels(record)));
}

/** A section of the report, with panels that are already drawn. */
interface DrawnSection {
  readonly title: string;
  readonly panels: readonly (readonly [name: string, panel: Panel])[];
}

/** Draws the sections of a report below its head as one SVG file. */
function drawPage(record: RunRecord, drawn: readonly DrawnSection[]): string {
  const figures = drawn.map(({ title, panels }) =>
    drawSection(title, panels.map(([, panel]) => panel))
  );
  return document(column([drawRunHead(record), ...figures], { gap: 40 }), {
    title: `Report of ${record.run}`,
    description: describeRun(record),
    margin: MARGIN,
  });
}

/** Draws the panels of all sections as files of their own. */
function drawFiles(record: RunRecord, drawn: readonly DrawnSection[]): readonly ChartFile[] {
  return chartFiles(drawn.flatMap(({ panels }) => panels), {
    subject: record.run,
    description: describeRun(record),
  });
}

/** Returns the names of the panels in a run's config, or of all panels if the config names none. */
function configuredPanels({ config }: RunRecord): readonly string[] {
  const { panels: configured } = stageOptions(config, "report");
  return Array.isArray(configured) ? configured : Object.keys(panels);
}

/** Draws the requested panels for which a run has data, and returns the sections that are not empty. */
function drawSections(record: RunRecord, requested: readonly string[]): readonly DrawnSection[] {
  return Object.entries(sections).map(([title, panels]) => ({
    title,
    panels: Object.entries<PanelOf>(panels).flatMap(([name, panelOf]) => {
      if (!requested.includes(name)) return [];
      const panel = panelOf(record);
      return panel === undefined ? [] : [[name, predrawPanel(panel)] as const];
    }),
  })).filter(({ panels }) => panels.length > 0);
}

/** Returns the text alternative of a run's report: title, accuracy and number of parameters. */
function describeRun(record: RunRecord): string {
  return `${runTitle(record)}: ${formatResult(record)}; ${
    formatCount(record.parameters)
  } parameters`;
}
