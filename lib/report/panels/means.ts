import {
  type Cell,
  column,
  extent,
  type Figure,
  heatMap,
  imageGrid,
  label,
  row,
} from "deno-plot-svg";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { type DataOverview, overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import { splitIntoChunks } from "../chunks.ts";
import { FEW_CLASSES, GUTTER, MOST_CLASSES } from "../grid.ts";
import { columnName } from "../inputs.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { galleryImages, type ImageShape, imageShape, pixelAlignedSide } from "../images.ts";
import { defined } from "../../config/defined.ts";

/** Longest side [px] of a mean image if there are few classes, and if there are many. */
const SIDES = { few: 112, many: 56 } as const;

/** Largest number of features of a data set whose means are drawn as a heat map. */
const MOST_FEATURES = 32;

/** Largest width [px] of a cell of the heat map. */
const WIDEST = 110;

/** Largest height [px] of a cell of the heat map. */
const HIGHEST = 26;

/** Returns the panel with the mean image of each class, or a heat map of the features' means by class. */
export function means(record: RunRecord): Panel | undefined {
  const classes = record.classes.slice(0, MOST_CLASSES);
  const data = observedValue(record, overview);
  if (data === undefined || data.means.length === 0) return undefined;
  const span = classes.length > FEW_CLASSES ? 3 : 2;
  const some = classes.length === record.classes.length
    ? ""
    : ` Shown are the first ${classes.length} of ${formatCount(record.classes.length)} classes.`;
  const image = imageShape(data.shape);
  if (image !== undefined) {
    return {
      title: "Class means",
      caption: `Mean image of ${formatAveragedCount(data)} training samples of each class.${some}`,
      span,
      draw: (width) => drawMeanImages(data, image, classes, width),
    };
  }
  const features = data.means.length / record.classes.length;
  if (data.shape.length !== 1 || features > MOST_FEATURES) return undefined;
  return {
    title: "Class means",
    caption:
      `Mean of each feature over ${formatAveragedCount(data)} training samples of each class. ` +
      `The larger a mean in its row, the stronger the blue.${some}`,
    span,
    draw: (width) => drawMeanHeatMap(data, classes, width),
  };
}

/** Formats the smallest and the largest number of samples in a class's mean: "40 to 250". */
function formatAveragedCount({ averaged }: DataOverview): string {
  const [least, most] = extent(averaged.filter((count) => count > 0)) ?? [0, 0];
  return least === most ? String(most) : `${least} to ${most}`;
}

/** Draws the mean image of each class below the name of the class. */
function drawMeanImages(
  { means, averaged, shape }: DataOverview,
  image: ImageShape,
  classes: readonly string[],
  width: number,
): Figure {
  const rows = Uint32Array.from(classes, (_, index) => index);
  const images = galleryImages({ split: "train", rows, shape, values: means }, image);
  const largest = classes.length > FEW_CLASSES ? SIDES.many : SIDES.few;
  const side = pixelAlignedSide(image, largest);
  const columns = Math.max(1, Math.floor((width + GUTTER / 2) / (side + GUTTER / 2)));
  const across = Math.ceil(classes.length / Math.ceil(classes.length / columns));
  const cells = classes.map((name, index) => {
    const found = averaged[index] === 0 ? undefined : images.get(index);
    const tile = { ...defined({ image: found }), name: `mean of class ${name}` };
    const picture = imageGrid({ width: side, columns: 1, side, tiles: [tile] });
    const cell = column([label(name, { width: side }), picture], { gap: 3 });
    return { ...cell, width: width / across };
  });
  const lines = splitIntoChunks(cells, across).map((line) => row(line));
  return { ...column(lines, { gap: 12 }), width };
}

/**
 * Draws a heat map with a row for each feature and a column for each class. The colours of a row reach from
 * the smallest to the largest mean of its feature.
 */
function drawMeanHeatMap(
  { means, averaged, columns }: DataOverview,
  classes: readonly string[],
  width: number,
): Figure {
  const features = means.length / averaged.length;
  const at = (label: number, feature: number) =>
    averaged[label] === 0 ? NaN : means[label * features + feature];
  const ends = Array.from(
    { length: features },
    (_, feature) => extent(classes.map((_, label) => at(label, feature))) ?? [0, 0],
  );
  const cell = (feature: number, label: number): Cell => {
    const value = at(label, feature);
    const [low, high] = ends[feature] as readonly [number, number];
    const strength = high === low ? 0 : (value - low) / (high - low);
    return { strength, label: formatNumber(value, 3) };
  };
  return heatMap({
    width,
    widest: WIDEST,
    highest: HIGHEST,
    cell,
    rowTitle: "feature",
    columnTitle: "class",
    columns: classes,
    rows: ends.map((_, feature) => columnName(columns, feature)),
  });
}
