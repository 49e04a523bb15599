/**
 * Draws the decision boundaries of a sweep's networks in the plane of two features, with a picture for each setting,
 * as in scikit-learn's example "Varying regularization in Multi-layer Perceptron".
 *
 * @module
 */
import { column, document, type Figure, label, pane, paragraph, row, space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type Boundary, boundary } from "../../observe/boundary.ts";
import { type Plane, plane } from "../../observe/plane.ts";
import { splitIntoChunks } from "../../report/chunks.ts";
import { MARGIN, MOST_CLASSES } from "../../report/grid.ts";
import { decisionMarks } from "../../report/network/decisions.ts";
import { axisExtents, plotHeight } from "../../report/network/extent.ts";
import { observedValue } from "../../report/observed.ts";
import {
  formatSetting,
  formatSettings,
  formatSettingValue,
  pathBelowStage,
} from "../../report/runs/names.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Compared, ScoredRun } from "../../run/scored_run.ts";
import { groupBySetting, REPEATS } from "./model.ts";
import type { Sweep } from "./tables.ts";

/** Width [px] of the picture of a setting. */
const SIDE = 172;

/** Radius of the dots of training samples [px]. */
const RADIUS = 1;

const GAP = 12;

/** Width of the names of rows [px]. */
const NAMES = 120;

/** Number of pictures in a row if settings do not form a grid of two options. */
const COLUMNS = 6;

/** Largest number of settings for which the file is drawn. */
const MOST = 60;

/** Data for a picture of a network's decisions in the plane of two features. */
export interface BoundaryData {
  readonly decisions: Boundary;
  readonly points: Plane;
  readonly classes: readonly string[];
}

/**
 * Reads the decisions of a run's network in the plane of its two features, as observed in training. Returns
 * undefined if they were not observed, as with another number of features, or if there are too many classes.
 */
export function readBoundaryData(record: RunRecord): BoundaryData | undefined {
  const decisions = observedValue(record, boundary);
  const points = observedValue(record, plane);
  const { classes } = record;
  if (decisions === undefined || points === undefined || classes.length > MOST_CLASSES) {
    return undefined;
  }
  return { decisions, points, classes };
}

/**
 * Draws the decisions of a sweep's networks at the end of training, as the text of one SVG file. If two options
 * vary, there is a row for each value of one and a column for each value of the other; otherwise, pictures
 * follow each other. Only the first run of a setting is drawn.
 *
 * @param boundaryDataByRun data of each run that observed its decisions
 * @returns undefined if no first run of a setting has data, or if there are too many settings
 */
export function drawBoundaryGrid(
  { title, description, keys, runs, ranking }: Omit<Sweep, "name">,
  boundaryDataByRun: ReadonlyMap<ScoredRun, BoundaryData>,
): string | undefined {
  const { split = "validation" } = ranking ?? {};
  const settings = groupBySetting(runs).flatMap(({ settings, runs: [run] }) => {
    const decided = boundaryDataByRun.get(run);
    return decided === undefined ? [] : [{ settings, run, decided }];
  });
  if (settings.length === 0 || settings.length > MOST) return undefined;
  const own = keys.filter((key) => !REPEATS.includes(key));
  const grid = own.length === 2 ? drawGrid(settings, own, split) : drawList(settings, own, split);
  const repeats = keys.filter((key) => REPEATS.includes(key));
  const page = column([
    paragraph(`${title}: decision boundaries`, grid.width, { size: 20, bold: true }),
    ...(description === undefined ? [] : [paragraph(description, grid.width, { size: 14 })]),
    paragraph(boundaryCaption(split, repeats), grid.width, { tone: "muted" }),
    space(grid.width, 16),
    grid,
  ]);
  return document(page, {
    title: `Decision boundaries of the sweep ${title}`,
    description: `${formatCount(settings.length)} settings of ${keys.join(", ")}`,
    margin: MARGIN,
  });
}

/** A setting of a sweep, with its first run and the decisions of this run's network. */
interface DrawnSetting extends Pick<ScoredRun, "settings"> {
  readonly run: ScoredRun;
  readonly decided: BoundaryData;
}

/**
 * Returns the caption of the pictures.
 *
 * @param repeats keys of which only the first value is drawn: seed and fold
 */
function boundaryCaption(split: Compared, repeats: readonly string[]): string {
  return "Most probable class at the end of training; the stronger the colour, the higher the probability " +
    "of this class. Small dots: training samples. Large dots: validation samples. Numbers: accuracy on " +
    `the ${split} split` +
    (repeats.length === 0 ? "." : `, for the first ${repeats.join(" and ")}.`);
}

/**
 * Draws a grid of pictures: a row for each value of the option `rowKey`, a column for each value of
 * `columnKey`. A combination without a run stays empty.
 *
 * @param split split whose accuracy is below each picture
 */
function drawGrid(
  settings: readonly DrawnSetting[],
  [rowKey, columnKey]: readonly string[],
  split: Compared,
): Figure {
  const valueOf = ({ settings }: DrawnSetting, key: string) =>
    settings.find((setting) => setting.key === key);
  const textOf = (each: DrawnSetting, key: string) => formatSettingValue(valueOf(each, key)?.value);
  const columns = [...new Set(settings.map((each) => textOf(each, columnKey)))];
  const rows = Map.groupBy(settings, (each) => textOf(each, rowKey));
  const head = row([
    space(NAMES, 0),
    ...columns.map((text) => ({ ...label(text, { width: SIDE, bold: true }), width: SIDE })),
  ], { gap: GAP });
  const lines = [...rows].map(([_, inRow]) => {
    const setting = valueOf(inRow[0], rowKey);
    const name = setting === undefined ? "" : formatSetting(setting);
    const pictures = columns.map((text) => {
      const found = inRow.find((each) => textOf(each, columnKey) === text);
      return found === undefined ? space(SIDE, 0) : drawBoundary(found, split);
    });
    return row([
      { ...paragraph(name, NAMES, { bold: true }), width: NAMES },
      ...pictures,
    ], { gap: GAP });
  });
  const above = row([space(NAMES + GAP, 0), label(pathBelowStage(columnKey), { tone: "muted" })]);
  const width = NAMES + columns.length * (SIDE + GAP);
  return { ...column([above, head, ...lines], { gap: GAP }), width };
}

/**
 * Draws pictures side by side in rows, each below the values of its options.
 *
 * @param keys options whose values are shown
 */
function drawList(
  settings: readonly DrawnSetting[],
  keys: readonly string[],
  split: Compared,
): Figure {
  const pictures = settings.map((each) =>
    column([
      label(formatSettings(each.settings, keys), { width: SIDE, bold: true }),
      drawBoundary(each, split),
    ], { gap: 4 })
  );
  const rows = splitIntoChunks(pictures, COLUMNS).map((each) => row(each, { gap: GAP }));
  const width = Math.min(COLUMNS, settings.length) * (SIDE + GAP) - GAP;
  return { ...column(rows, { gap: GAP }), width };
}

/** Draws the decisions of one network with its accuracy below them. */
function drawBoundary({ run, decided, settings }: DrawnSetting, split: Compared): Figure {
  const { decisions, points, classes } = decided;
  const moment = decisions.epochs.length - 1;
  const name = settings.map(formatSetting).join(", ");
  const accuracy = run.scores[split]?.accuracy ?? undefined;
  return column([
    pane({
      width: SIDE,
      height: plotHeight(decisions, SIDE),
      ...axisExtents(decisions),
      marks: decisionMarks(decisions, points, { classes, moment, name, radius: RADIUS }),
    }),
    label(accuracy === undefined ? "" : formatPercent(accuracy, 1), { tone: "muted" }),
  ], { gap: 2 });
}
