import {
  column,
  contour,
  type Figure,
  formatNumber,
  type Image,
  imageSheet,
  label,
  largestMagnitude,
  type Mark,
  type PixelValues,
  raster,
  row,
  smallMultiples,
  tintedImage,
} from "deno-plot-svg";
import { formatCountWithNoun } from "../../format/numbers.ts";
import { overview } from "../../observe/overview.ts";
import { type ShownLayer, type Units, units as observer, UNITS_SIDE } from "../../observe/units.ts";
import type { RunRecord } from "../../run/record.ts";
import { columnName } from "../inputs.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { axisExtents, plotHeight } from "../network/extent.ts";

/** Number of points of the plane at which a unit is observed. */
const CELLS = UNITS_SIDE * UNITS_SIDE;

/** Number of charts in a row: 8, or 4 for a layer of which at most 4 units are shown. */
const [COLUMNS, FEW] = [8, 4] as const;

/** Width [px] of the plot of a chart in a full row, without the numbers of its axes. */
const PLOT = 108;

/**
 * Size of the bar that shows the scale of colours: width and height of its image, and the drawn side of an
 * image pixel [px].
 */
const BAR = { width: 60, height: 4, scale: 2 } as const;

/** Returns the panel with the output of each hidden unit over the plane of two features. */
export function units(record: RunRecord): Panel | undefined {
  const found = observedValue(record, observer);
  if (found === undefined) return undefined;
  const columns = observedValue(record, overview)?.columns;
  const hasLines = found.layers.some(({ isActivated }) => isActivated);
  return {
    title: "Hidden units",
    caption: "Output of each hidden unit at each point of the plane of the two features." +
      (hasLines ? " Line: the input of the unit's activation function is 0." : ""),
    span: 3,
    draw: (width) =>
      column(
        found.layers.map((layer, index) => drawLayer(found, index, layer, { columns, width })),
        { gap: 16 },
      ),
  };
}

/** Draws a chart for each shown unit of a layer, below the layer's name, with the scale of the colours. */
function drawLayer(
  observed: Units,
  index: number,
  layer: ShownLayer,
  { columns, width }: { readonly columns: readonly string[] | undefined; readonly width: number },
): Figure {
  const { shown, units, isActivated } = layer;
  const before = observed.layers.slice(0, index);
  const outputs = unitGrids(observed.outputs, before, shown);
  const inputs = isActivated
    ? unitGrids(observed.inputs, before.filter(({ isActivated }) => isActivated), shown)
    : [];
  const limit = largestMagnitude(outputs.flatMap((values) => [...values]));
  const count = shown === units
    ? formatCountWithNoun(units, "unit")
    : `first ${shown} of ${units} units`;
  const columnCount = shown > FEW ? COLUMNS : FEW;
  const across = Math.min(columnCount, shown);
  const grid = { width: UNITS_SIDE, height: UNITS_SIDE };
  const extent = axisExtents(observed);
  const facets = outputs.map((values, unit) => {
    const title = `unit ${unit + 1}`;
    const image = signedImage({ ...grid, values }, limit);
    const marks: Mark[] = [raster(image, extent, { name: `output of ${layer.layer}, ${title}` })];
    const input = inputs.at(unit);
    if (input !== undefined) marks.push(contour({ ...grid, values: input }, extent));
    return { title, marks };
  });
  return column([
    label(`${layer.layer}, ${count}`, { bold: true }),
    smallMultiples({
      width: width * across / columnCount,
      columns: across,
      height: plotHeight(observed, PLOT * COLUMNS / columnCount),
      x: { title: columnName(columns, 0), nice: false, count: 3 },
      y: { title: columnName(columns, 1), nice: false, count: 3 },
      facets,
    }),
    drawColourScale(outputs.every(isNonNegative) ? 0 : -limit, limit),
  ], { gap: 4 });
}

/**
 * Returns an image of numbers: blue below 0, orange above 0, and transparent at 0, so that a dark line over
 * the image is visible.
 *
 * @param limit magnitude of the strongest colours
 */
function signedImage({ width, height, values }: PixelValues, limit: number): Image {
  return tintedImage({
    width,
    height,
    classes: Array.from(values, (value) => value < 0 ? 0 : 1),
    strengths: Array.from(values, (value) => limit === 0 ? 0 : Math.abs(value) / limit),
    opacity: 0.9,
  });
}

/** Returns whether all values are at least 0. */
function isNonNegative(values: Float32Array): boolean {
  return values.every((value) => value >= 0);
}

/** Draws a bar with the colours of all numbers from `lowest`, which is 0 or −`highest`, to `highest`. */
function drawColourScale(lowest: number, highest: number): Figure {
  const from = lowest < 0 ? -1 : 0;
  const values = Array.from(
    { length: BAR.width },
    (_, i) => from + (1 - from) * (2 * i + 1) / (2 * BAR.width),
  );
  const image = signedImage({ width: BAR.width, height: 1, values }, 1);
  const tall = { ...image, height: BAR.height, pixels: repeatRow(image.pixels, BAR.height) };
  const name = "colours from the lowest to the highest output";
  const end = (value: number) => label(formatNumber(value, 3), { size: 11, tone: "muted" });
  const bar = imageSheet({ images: [tall], columns: 1, scale: BAR.scale, name });
  return row([end(lowest), bar, end(highest)], { gap: 6 });
}

/** Returns a row of pixels repeated a number of times. */
function repeatRow(line: Uint8Array, times: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: line.length * times }, (_, i) => line[i % line.length]);
}

/**
 * Returns the values of the first units of a layer over the grid, one array for each unit.
 *
 * @param values values of the units of all layers [units, side, side]
 * @param earlierLayers layers whose units come first in `values`
 * @param unitCount number of units of the layer
 */
function unitGrids(
  values: Float32Array,
  earlierLayers: readonly ShownLayer[],
  unitCount: number,
): readonly Float32Array[] {
  const first = earlierLayers.reduce((sum, { shown }) => sum + shown, 0);
  return Array.from(
    { length: unitCount },
    (_, unit) => values.subarray((first + unit) * CELLS, (first + unit + 1) * CELLS),
  );
}
