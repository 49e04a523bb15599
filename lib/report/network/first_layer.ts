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

/** Longer side of the image of a unit, and of a table of all, at most, in pixels. */
const UNIT_SIDE = 56;
const TABLE_SIDE = 320;

/** Size of the names of inputs, their length at most, and from them to the weights, in pixels. */
const NAME_SIZE = 11;
const LONGEST_NAME = 130;
const NAME_GAP = 8;

/** Up to so many inputs that are no pixels are shown. */
const MOST_INPUTS = 64;

const LARGEST_CELL = 16;
export const BAR = 160;

/** Share of the weights within the ends of the colours. */
const COLOURED = 0.99;

/** Of inputs that are no pixels all units have one image together. */
const TABLE = "table";

/** How the weights of a unit are drawn. */
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

/** The image of a unit's weights, as large as a sample; or, of a few other inputs, a row of a table. */
export function unitForm(record: RunRecord, inputs: number): UnitForm | undefined {
  const data = observed(record, overview);
  const shape = imageShape(data?.shape ?? record.galleries[0]?.shape ?? []);
  if (
    record.reduction === undefined && shape?.channels === 1 &&
    shape.height * shape.width === inputs
  ) return shape;
  return inputs <= MOST_INPUTS ? TABLE : undefined;
}

/** The magnitude that 99 % of the finite weights do not exceed: a few large ones would fade all others. */
export function limitOf(weights: readonly number[]): number {
  const magnitudes = Float64Array.from(weights.filter(Number.isFinite), Math.abs).sort();
  return magnitudes[Math.ceil(COLOURED * magnitudes.length) - 1] ?? 0;
}

/** Returns whether all units have one image together, with a row for each input. */
export function isTable(form: UnitForm): form is typeof TABLE {
  return form === TABLE;
}

/** What is drawn of some weights: the largest magnitude of the colours, the moment, and the room in pixels. */
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

/** A row for each input behind its name, if there is room for names, and a column for each unit. */
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
  return `weights of the first layer ${name}`;
}

function drawUnits(images: readonly Image[], room: number, name: string): Figure {
  const [{ width, height }] = images as [Image];
  const scale = Math.min(LARGEST_CELL, wholeScale({ width, height }, UNIT_SIDE));
  const fit = Math.max(1, Math.floor((room + scale) / ((width + 1) * scale)));
  const columns = evenColumns(images.length, fit);
  return imageSheet({ images, columns, scale, name: sheetName(name) });
}

/** How many columns at most fit so that the rows are filled most evenly. */
function evenColumns(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most));
}
