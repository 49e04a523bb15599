/**
 * The input of the network as an expression: rows of a data set, augmented, normalized and reduced.
 *
 * @module
 */
import type { Normalization, Reduction } from "../../data/dataset.ts";
import type { Augmented } from "../../data/augment/mod.ts";
import {
  broadcastRow,
  dimension,
  gatherRows,
  input,
  matmul,
  sub,
  type Tensor,
} from "../../tensor/mod.ts";

/**
 * Pipeline from row numbers to inputs of the network: the data set, its augmentation if any, and its
 * normalization.
 */
export interface BatchPipeline {
  /**
   * Data set, a tensor that `source()` returned. Rows that are gathered from it are already multiplied by the
   * normalization's scale.
   */
  readonly source: Tensor;
  /** Normalization of each feature, and reduction if any. */
  readonly normalization: Normalization;
  /** Augments gathered rows [batch, features] by their row numbers [batch]. Defaults to none. */
  readonly augment?: ((x: Tensor, rows: Tensor) => Augmented) | undefined;
}

/**
 * Gathers the rows of a data set with the row numbers `rows` [batch], augments them, and normalizes them to
 * x∘s − m∘s [batch, features], with mean m and scale s. Returns them with the weights of mixup, if any.
 *
 * The source multiplies by s when it decodes a row. The input "shift" [features] is m∘s; it exists only
 * where the mean is not zero, see {@linkcode shiftOf}.
 *
 * With a reduction, the result is (x∘s) P − o [batch, components], where the input "projection" is P
 * [features, components] and the input "offset" is o [components], see {@linkcode projectionOf}. Every step
 * of training, evaluation and prediction computes this product. So all of them compute the same bits, rows
 * are stored in their original bytes, products skip the zeros of raw rows, and augmentation can come before
 * the reduction.
 */
export function normalizedRows(
  { source, normalization, augment = withoutAugmentation }: BatchPipeline,
  rows: Tensor,
): Augmented {
  const augmented = augment(gatherRows(source, rows), rows);
  return { ...augmented, x: normalized(augmented.x, normalization) };
}

function withoutAugmentation(x: Tensor): Augmented {
  return { x };
}

/**
 * Normalizes rows x∘s [batch, features], which are already multiplied by the scale s: subtracts the shifts
 * m∘s. If the normalization has a reduction, reduces the rows to components [batch, components] instead.
 */
export function normalized(x: Tensor, normalization: Normalization): Tensor {
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

/**
 * Computes the inputs that {@linkcode normalizedRows} reads besides row numbers. Returns the elements of each
 * by name, row-major.
 */
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
 * Rewrites a reduction ((x − m)∘s − mean) C ∘ scale, after a normalization with mean m and scale s, as
 * (x∘s) P − o: P = C ∘ scale [features, components] in single precision, and o = (m∘s + mean) P
 * [components], summed in double precision in the order of the features.
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
    const center = featureValue(shift, f) * featureValue(scale, f) + y;
    for (let c = 0; c < kept; c++) {
      sums[c] = sums[c] + center * projection[f * kept + c];
    }
  });
  return { projection, offset: Float32Array.from(sums) };
}

/** Returns whether a normalization subtracts a number other than 0 from any feature. */
export function isShifted({ shift }: Normalization): boolean {
  return typeof shift === "number" ? shift !== 0 : shift.some((number) => number !== 0);
}

/** Computes the input "shift" [features]: shift · scale of each feature, in single precision. */
export function shiftOf(
  { shift, scale }: Normalization,
  features: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: features },
    (_, i) => featureValue(shift, i) * featureValue(scale, i),
  );
}

function featureValue(perFeature: number | Float32Array, feature: number): number {
  return typeof perFeature === "number" ? perFeature : perFeature[feature];
}
