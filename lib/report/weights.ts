import {
  column,
  divergingBar,
  divergingImage,
  type Figure,
  formatCount,
  type Image,
  imageSheet,
  label,
  row,
  space,
} from "deno-plot-svg";
import type { FirstLayer } from "../run/observed.ts";
import type { RunRecord } from "../run/record.ts";
import { GUTTER } from "./grid.ts";
import type { Panel } from "./panel.ts";
import { imageShape, wholeScale } from "./samples.ts";

/** Longer side of the image of a unit, and of a table of all, at most, in pixels. */
const UNIT_SIDE = 56;
const TABLE_SIDE = 320;

/** Up to so many inputs that are no pixels are shown. */
const MOST_INPUTS = 64;

/** Side of a weight at most, in pixels. */
const LARGEST_CELL = 16;

const BAR = 160;

/** Share of the weights within the ends of the colours. */
const COLOURED = 0.99;

/** Of inputs that are no pixels all units have one image together. */
const TABLE = "table";

/** Height and width of the image of a unit's weights. */
interface UnitShape {
  readonly height: number;
  readonly width: number;
}

/** The weights into the first units as images, before and after training. */
export function weights(record: RunRecord): Panel | undefined {
  const first = record.observations?.first;
  const unit = first === undefined ? undefined : unitShape(record, first.inputs);
  if (first === undefined || unit === undefined) return undefined;
  const isTable = unit === TABLE;
  return {
    title: "Weights of the first layer",
    caption: `Into ${unitWords(first)} of ${first.parameter}, ` +
      (isTable ? "a row for each unit, a cell for each input" : "an image for each unit") +
      ", before training and after. Zero is white; colours end where only 1\u00a0% of the weights are " +
      "larger.",
    span: 3,
    draw: (width) => drawWeights(first, unit, width),
  };
}

function unitWords({ shown, units }: FirstLayer): string {
  return shown === units
    ? `all ${formatCount(units)} units`
    : `the first ${shown} of ${formatCount(units)} units`;
}

/** The image of a unit's weights, as large as a sample; or, of a few other inputs, a row of a table. */
function unitShape(record: RunRecord, inputs: number): UnitShape | typeof TABLE | undefined {
  const shape = imageShape(record.observations?.data?.shape ?? record.galleries[0]?.shape ?? []);
  if (
    record.reduction === undefined && shape?.channels === 1 &&
    shape.height * shape.width === inputs
  ) return shape;
  return inputs <= MOST_INPUTS ? TABLE : undefined;
}

function drawWeights(
  first: FirstLayer,
  unit: UnitShape | typeof TABLE,
  width: number,
): Figure {
  const { before, after, inputs, shown } = first;
  const limit = limitOf([...before ?? [], ...after]);
  const each = (width - GUTTER) / 2;
  const image = unit === TABLE ? { height: shown, width: inputs } : unit;
  const block = (name: string, weights: Float32Array) => ({
    ...column([
      label(name),
      drawUnits(
        imagesOf(weights, image, limit),
        each,
        unit === TABLE ? TABLE_SIDE : UNIT_SIDE,
        name,
      ),
    ], { gap: 4 }),
    width: each,
  });
  const blocks = [
    ...(before === undefined ? [] : [block("before training", before)]),
    block("after training", after),
  ];
  const drawn = row(blocks, { gap: GUTTER });
  return column([drawn, space(width, 10), divergingBar(limit, { width: BAR })]);
}

/** The magnitude that 99 % of the finite weights do not exceed: a few large ones would fade all others. */
function limitOf(weights: readonly number[]): number {
  const magnitudes = Float64Array.from(weights.filter(Number.isFinite), Math.abs).sort();
  return magnitudes[Math.ceil(COLOURED * magnitudes.length) - 1] ?? 0;
}

function imagesOf(
  weights: Float32Array,
  { height, width }: UnitShape,
  limit: number,
): readonly Image[] {
  const size = height * width;
  return Array.from({ length: weights.length / size }, (_, unit) => {
    const values = weights.subarray(unit * size, (unit + 1) * size);
    return divergingImage({ width, height, values }, limit);
  });
}

/** Images of a longer side of at most so many pixels beside and below each other. */
function drawUnits(images: readonly Image[], room: number, side: number, name: string): Figure {
  const [{ width, height }] = images as [Image];
  const scale = Math.min(LARGEST_CELL, wholeScale({ width, height }, side));
  const fit = Math.max(1, Math.floor((room + scale) / ((width + 1) * scale)));
  const columns = evenColumns(images.length, fit);
  return imageSheet({ images, columns, scale, name: `weights of the first layer ${name}` });
}

/** How many columns at most fit so that the rows are filled most evenly. */
function evenColumns(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most));
}
