/**
 * What the network sees of a batch: rows of a data set, normalized.
 *
 * @module
 */

import type { Normalization } from "../data/dataset.ts";
import type { Deformed } from "../data/deform/mod.ts";
import { dimension, everyRow, input, sub, take, type Tensor } from "../tensor/mod.ts";

/** Data to learn from or to predict: a source of rows and how they are normalized. */
export interface BatchData {
  /** Made by `source()`; its rows come multiplied by the normalization's scale. */
  readonly source: Tensor;
  /** What is done to each feature. */
  readonly normalization: Normalization;
  /** Deforms the rows as they were taken, for their numbers in the data; nothing if not given. */
  readonly deform?: ((x: Tensor, rows: Tensor) => Deformed) | undefined;
}

/**
 * Rows of the data [batch, features], deformed, and normalized: x∘s − m∘s of mean m and scale s.
 *
 * The source multiplies by s when it decodes a row; m∘s is the input "shift" [features], which
 * exists only where the mean is not zero, see {@linkcode shiftOf}.
 */
export function normalizedRows(
  { source, normalization, deform = asTaken }: BatchData,
  rows: Tensor,
): Deformed {
  const deformed = deform(take(source, rows), rows);
  if (!isShifted(normalization)) return deformed;
  const shift = everyRow(input("shift", [dimension(source, 0)]), dimension(rows, 0));
  return { ...deformed, x: sub(deformed.x, shift) };
}

function asTaken(x: Tensor): Deformed {
  return { x };
}

/** Whether the normalization takes off anything. */
export function isShifted({ shift }: Normalization): boolean {
  return typeof shift === "number" ? shift !== 0 : shift.some((number) => number !== 0);
}

/** The input "shift": shift · scale of each feature, in single precision. */
export function shiftOf(
  { shift, scale }: Normalization,
  features: number,
): Float32Array<ArrayBuffer> {
  const at = (value: number | Float32Array, index: number) =>
    typeof value === "number" ? value : value[index] as number;
  return Float32Array.from({ length: features }, (_, i) => at(shift, i) * at(scale, i));
}
