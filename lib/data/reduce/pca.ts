/**
 * Principal component analysis.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { safeInverse } from "../normalize/statistics.ts";
import { computeCovariance } from "./covariance.ts";
import { symmetricEigen } from "./eigen.ts";
import type { Reducer } from "./reducer.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** Options of {@link pca}. */
export interface PcaOptions {
  /**
   * Number of components, an integer. A value below 1 is instead the fraction of the total variance that
   * the components must explain together.
   */
  readonly components: number;
  /**
   * Whether each component is divided by its standard deviation over the training split. Defaults to false.
   */
  readonly whiten?: boolean;
}

const options = z.strictObject({
  components: z.number().gt(0)
    .refine((value) => value < 1 || Number.isSafeInteger(value), {
      message: "a fraction below 1, or a whole number of components",
    })
    .describe("number of components, or below 1 the fraction of the variance to explain"),
  whiten: z.boolean().default(false)
    .describe("whether each component is divided by its standard deviation"),
});

/**
 * Returns a function that computes the projection on the directions of largest variance (Pearson, 1901;
 * Jolliffe, Principal Component Analysis, 2002, chapters 1 and 6):
 *
 *     z = (y − ȳ) C,   C [features, components] the first eigenvectors of the covariance of y,
 *
 * where y are the normalized features of the training split. Sums of squares are divided by the number of
 * samples less one, as in scikit-learn's PCA. The variance of z along a component is its eigenvalue λ.
 * Whitening divides z by √λ, which makes the variance 1. If a fraction of the variance is requested, the
 * result has the fewest components whose Σ λ reaches this fraction of the total.
 *
 * The returned function throws a RangeError if there are fewer features than components, or with whitening
 * fewer directions with variance; if the features have no variance; or if the split has fewer than 2
 * samples.
 *
 * @example A normalization for `fit()` of a network with one input
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unit } from "../normalize/unit.ts";
 * import { pca } from "./pca.ts";
 *
 * const values = Uint8Array.of(0, 0, 30, 40, 60, 80); // three samples on a line
 * const samples = { count: 3, shape: [2], values, labels: Uint16Array.of(0, 0, 1) };
 * const train = { samples, rows: Uint32Array.of(0, 1, 2) };
 * const normalization = unit()(train);
 * const reduction = pca({ components: 1, whiten: false })(train, normalization);
 * assertEquals(reduction.components, Float32Array.of(0.6, 0.8));
 * const reducing = { ...normalization, reduction };
 * assertEquals(reducing.name, "unit");
 * ```
 */
export function pca(overrides: PcaOptions): Reducer {
  const { components, whiten } = withDefaults(options, overrides);
  return (train, normalization) => {
    const { mean, matrix } = computeCovariance(train, normalization);
    const features = mean.length;
    const { values, vectors } = symmetricEigen(matrix, features);
    // sums of squares are not negative, but rounding can make small eigenvalues so
    const variances = values.map((value) => Math.max(0, value));
    const kept = components < 1 ? componentsForFraction(variances, components) : components;
    const most = whiten ? numericalRank(variances) : features;
    if (kept > most) {
      const limit = whiten ? "directions with variance" : "features";
      throw new RangeError(
        `Cannot reduce ${features} features: expected at most ${most} components, as many as there ` +
          `are ${limit}: received ${kept}`,
      );
    }
    return {
      name: "pca",
      mean: Float32Array.from(mean),
      components: rowsToColumns(vectors, features, kept),
      scale: Float32Array.from(
        variances.subarray(0, kept),
        (variance) => whiten ? safeInverse(Math.sqrt(variance)) : 1,
      ),
      variances,
    };
  };
}

/**
 * Returns the first `kept` rows of a matrix [features, features] as the columns of another [features,
 * kept], row-major.
 */
function rowsToColumns(
  vectors: Float64Array,
  features: number,
  kept: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: features * kept },
    (_, i) => vectors[i % kept * features + Math.floor(i / kept)],
  );
}

/**
 * Returns the fraction of the total variance along each direction, given the variances along all
 * directions.
 */
export function explainedVarianceRatios(variances: Float64Array): readonly number[] {
  const all = sum(variances);
  return Array.from(variances, (variance) => variance / all);
}

/**
 * Returns the smallest number of components whose variances add up to a fraction of the total variance,
 * given all variances in falling order. Throws a RangeError if all are 0.
 */
function componentsForFraction(variances: Float64Array, fraction: number): number {
  const all = sum(variances);
  if (all === 0) {
    throw new RangeError(
      `Cannot reduce ${variances.length} features to a share of variance: expected features that ` +
        "change over the training split: received none",
    );
  }
  let count = 0;
  for (let reached = 0; reached < fraction * all; count++) reached += variances[count];
  return count;
}

/**
 * Returns the number of variances that are not 0, given all in falling order. Variances up to features ·
 * 2⁻⁵² times the largest count as 0, since they may be rounding errors.
 */
function numericalRank(variances: Float64Array): number {
  const least = variances.length * Number.EPSILON * (variances[0] ?? 0);
  return variances.filter((variance) => variance > least).length;
}

export const pcaEntry: Entry<PcaOptions, Reducer> = entry({
  doc: "Projects the features on their directions of largest variance",
  options,
  create: pca,
});
