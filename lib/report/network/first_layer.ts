/**
 * Drawings of the weights into the first units of the first layer.
 *
 * @module
 */
import {
  column,
  divergingImage,
  type Figure,
  type Image,
  imageSheet,
  label,
  row,
  space,
  textWidth,
} from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import type { ShownUnits } from "../../observe/first_layer.ts";
import { overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import { imageShape, pixelAlignedScale } from "../images.ts";
import { inputName } from "../inputs.ts";
import { observedValue } from "../observed.ts";

/** Longest side [px] of the image of a unit. */
const UNIT_SIDE = 56;

/** Height [px] of the table of all units, at most. */
const TABLE_SIDE = 320;

/** Font size [px] of the names of inputs. */
const NAME_SIZE = 11;

/** Width [px] to which the names of inputs are cut. */
const LONGEST_NAME = 130;

/** Space [px] between the names of inputs and the table. */
const NAME_GAP = 8;

/** Largest number of inputs of a network whose weights are drawn as a table. */
const MOST_INPUTS = 64;

/** Largest side [px] of the cell of a weight. */
const LARGEST_CELL = 16;

/** Width [px] of the bar with the scale of colours. */
export const COLOUR_BAR_WIDTH = 160;

/** Quantile of the weights' magnitudes from which colours are saturated. */
const COLOURED = 0.99;

/**
 * Form for inputs that are not pixels: one image of all weights, a row for each input, a column for each
 * unit.
 */
const TABLE = "table";

/** Form in which weights are drawn: an image of a shape for each unit, or one table of all units. */
export type WeightsForm = UnitShape | typeof TABLE;

/** Height and width of the image of a unit, in inputs. */
interface UnitShape {
  readonly height: number;
  readonly width: number;
}

/** Formats the number of units whose weights are drawn: "all 30 units" or "the first 32 of 100 units". */
export function formatShownUnits({ shown, units }: ShownUnits): string {
  return shown === units
    ? `all ${formatCount(units)} units`
    : `the first ${shown} of ${formatCount(units)} units`;
}

/**
 * Returns the form in which a run's first-layer weights are drawn: the shape of an image if its inputs are
 * grey pixels, and "table" for a few other inputs. Returns undefined for many other inputs, which are not
 * drawn.
 *
 * @param inputs number of inputs of the layer
 */
export function weightsForm(record: RunRecord, inputs: number): WeightsForm | undefined {
  const data = observedValue(record, overview);
  const shape = imageShape(data?.shape ?? record.galleries[0]?.shape ?? []);
  if (
    record.reduction === undefined && shape?.channels === 1 &&
    shape.height * shape.width === inputs
  ) return shape;
  return inputs <= MOST_INPUTS ? TABLE : undefined;
}

/**
 * Returns the magnitude from which the colours of weights are saturated: the 99 % quantile of all finite
 * magnitudes. With the maximum instead, a few large weights would make all others pale.
 */
export function colourLimit(weights: readonly number[]): number {
  const magnitudes = Float64Array.from(weights.filter(Number.isFinite), Math.abs).sort();
  return magnitudes[Math.ceil(COLOURED * magnitudes.length) - 1] ?? 0;
}

/** Returns whether the weights of all units are drawn as one table. */
export function isTable(form: WeightsForm): form is typeof TABLE {
  return form === TABLE;
}

/** Weights at one moment of training, and the style of their drawing. */
export interface WeightsDrawing {
  /** Weights into the first units [shown, inputs]. */
  readonly weights: Float32Array;
  /** Magnitude from which colours are saturated. */
  readonly limit: number;
  /** Name of the moment: "before training". */
  readonly name: string;
  /** Width [px] of the drawing, at most. */
  readonly room: number;
}

/**
 * Draws the weights into the first units of the first layer, as images or as a table, according to `form`.
 */
export function drawFirstWeights(
  record: RunRecord,
  first: ShownUnits,
  form: WeightsForm,
  drawing: WeightsDrawing,
): Figure {
  if (isTable(form)) return drawWeightsTable(record, first, drawing);
  const { weights, limit, room, name } = drawing;
  return drawUnitImages(unitImages(weights, form, limit), room, name);
}

/** Returns one image for each unit, with a pixel for each weight; `weights` are [units, inputs]. */
function unitImages(
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

/**
 * Draws the weights as a table: a row for each input, with its name if there is room, a column for each unit.
 */
function drawWeightsTable(
  record: RunRecord,
  { inputs, shown }: ShownUnits,
  { weights, limit, name, room }: WeightsDrawing,
): Figure {
  const columns = observedValue(record, overview)?.columns;
  const names = Array.from({ length: inputs }, (_, input) => inputName(record, columns, input));
  const widest = Math.max(...names.map((each) => textWidth(each, { size: NAME_SIZE })));
  const left = Math.min(LONGEST_NAME, widest + 1) + NAME_GAP;
  const side = Math.min(LARGEST_CELL, Math.floor((room - left) / shown));
  const scale = Math.max(1, Math.min(side, Math.floor(TABLE_SIDE / inputs)));
  const values = Float32Array.from(
    { length: weights.length },
    (_, i) => weights[(i % shown) * inputs + Math.floor(i / shown)],
  );
  const image = divergingImage({ width: shown, height: inputs, values }, limit);
  const sheet = imageSheet({ images: [image], columns: 1, scale, name: weightsDescription(name) });
  if (scale < NAME_SIZE) return sheet;
  const line = (input: string) => {
    const named = label(input, { size: NAME_SIZE, tone: "muted", width: left - NAME_GAP });
    return {
      ...column([space(left, (scale - named.height) / 2), named]),
      width: left,
      height: scale,
    };
  };
  return row([column(names.map(line)), sheet]);
}

/** Returns the text alternative of the weights at a moment: "first-layer weights before training". */
function weightsDescription(name: string): string {
  return `first-layer weights ${name}`;
}

/** Draws the images of the units in rows of equal length. */
function drawUnitImages(images: readonly Image[], maxWidth: number, name: string): Figure {
  const [{ width, height }] = images as [Image];
  const scale = Math.min(LARGEST_CELL, pixelAlignedScale({ width, height }, UNIT_SIDE));
  const fit = Math.max(1, Math.floor((maxWidth + scale) / ((width + 1) * scale)));
  const columns = fewestColumns(images.length, fit);
  return imageSheet({ images, columns, scale, name: weightsDescription(name) });
}

/**
 * Returns the smallest number of columns for which `count` items need no more rows than with `maxColumns`
 * columns.
 */
function fewestColumns(count: number, maxColumns: number): number {
  return Math.ceil(count / Math.ceil(count / maxColumns));
}
