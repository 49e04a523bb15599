import { type Cell, heatMap } from "deno-plot-svg";
import { formatCount, formatNumber } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { Panel } from "../../../report/panel.ts";
import { imageShape } from "../../../report/images.ts";
import { columnName } from "../../../report/inputs.ts";
import { columnsByDifference } from "./columns.ts";

const [MOST_COLUMNS, MOST_CLASSES] = [20, 20];

/** Largest number of classes for which the panel takes a third of the page's width. */
const FEW_CLASSES = 4;

/** Distance of a class mean from the overall mean [standard deviations] at which colours saturate. */
const STRONGEST = 2;

/**
 * Returns the panel with the mean of each column by class. Returns undefined for images, whose class means are
 * drawn as images.
 */
export function classMeansPanel(record: ExplorationRecord): Panel | undefined {
  if (imageShape(record.shape) !== undefined) return undefined;
  const shown = columnsByDifference(record, MOST_COLUMNS);
  const classes = record.differences.classes.slice(0, MOST_CLASSES);
  const all = record.differences.classes.length;
  const some = classes.length === all ? "" : `, for the first ${classes.length} classes`;
  const which = shown.length === record.features.min.length
    ? "each column"
    : `the ${shown.length} columns by which the classes differ most`;
  return {
    title: "Class means",
    caption:
      `Mean of ${which} over the training samples of each class${some}. Orange: above the mean of all ` +
      `training samples; blue: below. Colours saturate ${STRONGEST} standard deviations from that mean.`,
    span: classes.length <= FEW_CLASSES ? 1 : 3,
    draw: (width) =>
      heatMap({
        width,
        highest: 28,
        rowTitle: "column",
        columnTitle: "class",
        rows: shown.map((column) => columnName(record.columns, column)),
        columns: classes.map(({ label }) => record.classes[label]),
        cell: (row, column) => heatMapCell(record, shown[row], column),
      }),
  };
}

/**
 * Returns the cell of a column of the data and a class. Its colour shows the distance of the class mean from
 * the overall mean.
 */
function heatMapCell(
  { classes, features, differences }: ExplorationRecord,
  column: number,
  classIndex: number,
): Cell {
  const { label, count, mean, deviation } = differences.classes[classIndex];
  const own = mean[column];
  const distance = own - features.mean[column];
  const all = features.deviation[column];
  const spread = `${formatNumber(own)} ± ${formatNumber(deviation[column])}`;
  return {
    strength: all === 0 ? 0 : Math.abs(distance) / all / STRONGEST,
    tone: distance > 0 ? "orange" : "blue",
    label: formatNumber(own, 3),
    title: `${classes[label]}: ${spread} over ${formatCount(count)} samples`,
  };
}
