import { column, type Figure, imageGrid, label, row } from "deno-plot-svg";
import { formatNumber } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import { GUTTER, PAGE } from "../../../report/grid.ts";
import type { Panel } from "../../../report/panel.ts";
import { type ImageShape, imageShape, pixelAlignedSide } from "../../../report/images.ts";
import { capitalize, describeConstantFeatures } from "./facts.ts";
import { drawableImage, type Ends, largestValue, valueRange } from "./images.ts";

/** A statistic of each pixel, drawn as an image. */
interface PixelMap {
  readonly title: string;
  /** Value of the statistic for each pixel, row-major [height, width, channels]. */
  readonly values: Float64Array;
  /** Values that are drawn as 0 and as 255. */
  readonly ends: Ends;
}

/**
 * Returns the panel with statistics of each pixel over the training split, as images. Returns undefined if the
 * data are not images.
 */
export function pixelsPanel(record: ExplorationRecord): Panel | undefined {
  const shape = imageShape(record.shape);
  if (shape === undefined) return undefined;
  const maps = pixelMaps(record);
  return {
    title: "Pixel statistics",
    caption:
      "Statistics of each pixel over the training samples. Between classes: share of the pixel's variance " +
      "that the classes explain (η²). Below each title: the values that are drawn with the weakest and with " +
      `the strongest shade. ${capitalize(describeConstantFeatures(record))}.`,
    span: 3,
    draw: () => row(maps.map((map) => drawPixelMap(map, shape, maps.length)), { gap: GUTTER }),
  };
}

function pixelMaps(
  { features, differences: { explained } }: ExplorationRecord,
): readonly PixelMap[] {
  const { mean, deviation, nonZero } = features;
  return [
    { title: "mean", values: mean, ends: valueRange(features) },
    { title: "standard deviation", values: deviation, ends: [0, largestValue(deviation)] },
    { title: "share of non-zero samples", values: nonZero, ends: [0, 1] },
    { title: "between classes (η²)", values: explained, ends: [0, largestValue(explained)] },
  ];
}

/**
 * Draws the image of one statistic below its title and range.
 *
 * @param count number of images side by side
 */
function drawPixelMap({ title, values, ends }: PixelMap, shape: ImageShape, count: number): Figure {
  const width = (PAGE - GUTTER * (count - 1)) / count;
  const image = drawableImage(values, shape, ends);
  const side = pixelAlignedSide(image, width);
  const range = ends.map((end) => formatNumber(end, 3)).join(" to ");
  const words = column([label(title, { bold: true, width }), label(range, { tone: "muted" })]);
  const picture = imageGrid({ width, columns: 1, side, tiles: [{ image, name: title }] });
  return { ...column([words, picture], { gap: 4 }), width };
}
