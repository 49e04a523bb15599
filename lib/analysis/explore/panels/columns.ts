import { table } from "deno-plot-svg";
import { formatCount, formatNumber } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { Panel } from "../../../report/panel.ts";
import { imageShape } from "../../../report/images.ts";
import { columnName } from "../../../report/inputs.ts";
import { formatPercent, UNITLESS } from "../../../format/percent.ts";
import { left, NONE, right, type TextTable } from "../../../format/text_table.ts";
import { capitalize, describeConstantFeatures } from "./facts.ts";

/** Largest number of columns shown. If a table has more, those in which the classes differ most are shown. */
const MOST_COLUMNS = 40;

/**
 * Returns the panel with a table of statistics of each column. Returns undefined for images, whose statistics
 * are drawn as images.
 */
export function columnsPanel(record: ExplorationRecord): Panel | undefined {
  if (imageShape(record.shape) !== undefined) return undefined;
  const [shown, all] = [columnsByDifference(record).length, record.features.min.length];
  const extent = shown === all
    ? "Statistics of the training samples."
    : `Statistics of the training samples: the ${shown} of ${
      formatCount(all)
    } columns in which the ` +
      "classes differ most.";
  return {
    title: "Columns",
    caption:
      `${extent} Between classes: share of the column's variance that the classes explain (η²). ` +
      `${capitalize(describeConstantFeatures(record))}.`,
    span: 2,
    draw: (width) => table({ width, ...statisticsTable(record) }),
  };
}

const FIGURES = ["minimum", "mean", "deviation", "maximum", "zeros (%)", "between classes (%)"];

/**
 * Returns the table of statistics of each column over the training samples, for at most {@linkcode
 * MOST_COLUMNS} columns.
 */
export function statisticsTable(record: ExplorationRecord): TextTable {
  const { features: { min, max, mean, deviation, nonZero }, differences: { explained } } = record;
  return {
    columns: [left("column"), ...FIGURES.map(right)],
    rows: columnsByDifference(record).map((f) => [
      columnName(record.columns, f),
      ...[min, mean, deviation, max].map((values) => formatNumber(values[f])),
      formatPercent(1 - nonZero[f], 1, UNITLESS),
      Number.isNaN(explained[f]) ? NONE : formatPercent(explained[f], 1, UNITLESS),
    ]),
  };
}

/**
 * Returns the indices of all columns in order, if there are at most `most`; otherwise those of the columns in
 * which the classes differ most, the largest difference first.
 */
export function columnsByDifference(
  { differences: { explained } }: ExplorationRecord,
  most = MOST_COLUMNS,
): readonly number[] {
  const all = Array.from(explained.keys());
  if (all.length <= most) return all;
  const share = (column: number) => {
    const value = explained[column];
    return Number.isNaN(value) ? -1 : value;
  };
  return all.sort((a, b) => share(b) - share(a) || a - b).slice(0, most);
}
