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
import { imageShape, wholeScale } from "../images.ts";
import { inputName } from "../inputs.ts";
import { observed } from "../observed.ts";

/** Longest side [px] of the image of a unit, and of a table of all units. */
const UNIT_SIDE = 56;
const TABLE_SIDE = 320;

/** Font size, largest width and distance [px] of the names of inputs. */
const NAME_SIZE = 11;
const LONGEST_NAME = 130;
const NAME_GAP = 8;

/** Largest number of inputs shown, if they are not pixels. */
const MOST_INPUTS = 64;

const LARGEST_CELL = 16;
export const BAR = 160;

/** Quantile of the weights' magnitudes at which colours saturate. */
const COLOURED = 0.99;

/** For inputs that are not pixels, all units share one image. */
const TABLE = "table";

/** Options of a drawing of the weights of a unit. */
export type UnitForm = UnitShape | typeof TABLE;

interface UnitShape {
  readonly height: number;
  readonly width: number;
}

export function formatUnits({ shown, units }: ShownUnits): string {
  return shown === units
    ? `all ${formatCount(units)} units`
    : `the first ${shown} of ${formatCount(units)} units`;
}

/** Returns the shape of a unit's image if inputs are pixels; "table" for a few other inputs. */
export function unitForm(record: RunRecord, inputs: number): UnitForm | undefined {
  const data = observed(record, overview);
  const shape = imageShape(data?.shape ?? record.galleries[0]?.shape ?? []);
  if (
    record.reduction === undefined && shape?.channels === 1 &&
    shape.height * shape.width === inputs
  ) return shape;
  return inputs <= MOST_INPUTS ? TABLE : undefined;
}

/** Returns the 99 % quantile of the finite weights' magnitudes; a few larger ones would fade all others. */
export function limitOf(weights: readonly number[]): number {
  const magnitudes = Float64Array.from(weights.filter(Number.isFinite), Math.abs).sort();
  return magnitudes[Math.ceil(COLOURED * magnitudes.length) - 1] ?? 0;
}

/** Returns whether all units have one image together, with a row for each input. */
export function isTable(form: UnitForm): form is typeof TABLE {
  return form === TABLE;
}

/** Options of a drawing of weights: largest magnitude of the colours, moment, and width in pixels. */
export interface WeightsDrawing {
  readonly weights: Float32Array;
  readonly limit: number;
  readonly name: string;
  readonly room: number;
}

/** Draws the weights into the first units, [shown, inputs]. */
export function drawFirstWeights(
  record: RunRecord,
  first: ShownUnits,
  form: UnitForm,
  drawing: WeightsDrawing,
): Figure {
  if (isTable(form)) return drawTable(record, first, drawing);
  const { weights, limit, room, name } = drawing;
  return drawUnits(imagesOf(weights, form, limit), room, name);
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

/** Draws a row for each input, with its name if there is room, and a column for each unit. */
function drawTable(
  record: RunRecord,
  { inputs, shown }: ShownUnits,
  { weights, limit, name, room }: WeightsDrawing,
): Figure {
  const columns = observed(record, overview)?.columns;
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
  const sheet = imageSheet({ images: [image], columns: 1, scale, name: sheetName(name) });
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

function sheetName(name: string): string {
  return `first-layer weights ${name}`;
}

function drawUnits(images: readonly Image[], room: number, name: string): Figure {
  const [{ width, height }] = images as [Image];
  const scale = Math.min(LARGEST_CELL, wholeScale({ width, height }, UNIT_SIDE));
  const fit = Math.max(1, Math.floor((room + scale) / ((width + 1) * scale)));
  const columns = evenColumns(images.length, fit);
  return imageSheet({ images, columns, scale, name: sheetName(name) });
}

/** Returns the number of columns, at most `most`, with which the rows are filled most evenly. */
function evenColumns(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most));
}
