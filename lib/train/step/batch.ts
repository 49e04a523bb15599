/**
 * What the network sees of a batch: rows of a data set, normalized and, where that is asked, reduced.
 *
 * @module
 */
import type { Normalization, Reduction } from "../../data/dataset.ts";
import type { Deformed } from "../../data/augment/mod.ts";
import {
  broadcastRow,
  dimension,
  gatherRows,
  input,
  matmul,
  sub,
  type Tensor,
} from "../../tensor/mod.ts";

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
 *
 * Reduced rows are (x∘s) P − o [batch, components], of the inputs "projection" P [features,
 * components] and "offset" o [components], see {@linkcode projectionOf}. The product belongs to
 * every step, of training and of all that comes after it, so there is one way from a row to what the
 * network sees, and one set of bits; rows stay in the bytes they came in, their zeros are left out,
 * and what is done to the rows of a step before it is normalized may differ from epoch to epoch.
 */
export function normalizedRows(
  { source, normalization, deform = asTaken }: BatchData,
  rows: Tensor,
): Deformed {
  const deformed = deform(gatherRows(source, rows), rows);
  return { ...deformed, x: normalized(deformed.x, normalization) };
}

function asTaken(x: Tensor): Deformed {
  return { x };
}

function normalized(x: Tensor, normalization: Normalization): Tensor {
  const [batch, features] = [dimension(x, 0), dimension(x, 1)];
  const { reduction } = normalization;
  if (reduction !== undefined) {
    const components = reduction.scale.length;
    const projected = matmul(x, input("projection", [features, components]));
    return sub(projected, broadcastRow(input("offset", [components]), batch));
  }
  if (!isShifted(normalization)) return x;
  return sub(x, broadcastRow(input("shift", [features]), batch));
}

/** The inputs besides the rows that {@linkcode normalizedRows} reads: numbers by name, row-major. */
export function normalizationInputs(
  normalization: Normalization,
  features: number,
): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  const { reduction } = normalization;
  if (reduction !== undefined) {
    return new Map(Object.entries(projectionOf(normalization, reduction)));
  }
  if (!isShifted(normalization)) return new Map();
  return new Map([["shift", shiftOf(normalization, features)]]);
}

/**
 * A reduction ((x − m)∘s − mean) C ∘ scale of mean m and scale s, as one product less one row: P = C ∘
 * scale in single precision, and o = (m∘s + mean) P, summed in double precision in the order of the
 * features.
 */
export function projectionOf({ shift, scale }: Normalization, reduction: Reduction): {
  readonly projection: Float32Array<ArrayBuffer>;
  readonly offset: Float32Array<ArrayBuffer>;
} {
  const { mean, components } = reduction;
  const kept = reduction.scale.length;
  const projection = components.map((x, i) => x * reduction.scale[i % kept]);
  const sums = new Float64Array(kept);
  mean.forEach((y, f) => {
    const center = at(shift, f) * at(scale, f) + y;
    for (let c = 0; c < kept; c++) {
      sums[c] = sums[c] + center * projection[f * kept + c];
    }
  });
  return { projection, offset: Float32Array.from(sums) };
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
  return Float32Array.from({ length: features }, (_, i) => at(shift, i) * at(scale, i));
}

function at(value: number | Float32Array, feature: number): number {
  return typeof value === "number" ? value : value[feature];
}
