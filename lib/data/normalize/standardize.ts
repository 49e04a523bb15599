/**
 * Standardization: mean 0 and variance 1.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Split } from "../dataset.ts";
import type { Normalizer } from "./normalizer.ts";
import { featureMeans, meanSquaredDistances, safeInverse } from "./statistics.ts";
import { mean } from "../../tensor/math/statistics.ts";

/** Options of {@link standardize}. */
export interface StandardizeOptions {
  /**
   * Whether each feature has its own mean and variance ("feature"), or all features share one mean and one
   * variance ("all"). Defaults to "feature".
   */
  readonly per?: "feature" | "all";
}

const options = z.strictObject({
  per: z.enum(["feature", "all"]).default("feature")
    .describe("whether each feature has its own mean and variance, or all share one"),
});

/**
 * Returns the normalizer to mean 0 and variance 1, y = (x − μ) / σ, with mean μ and standard deviation σ of
 * the training split (divided by the number of values, not by one less).
 *
 * Two passes compute first the means and then the mean squared deviations, which loses no digits where the
 * mean is large. If σ is 0, or so small that 1 / σ overflows 32 bits, the scale is 1, as in scikit-learn's
 * StandardScaler, so a feature that is constant in training stays near 0. This needs no tolerance: sums of
 * equal 32-bit numbers are exact in 64 bits up to 2²⁹ rows, so σ is exactly 0.
 */
export function standardize(overrides: StandardizeOptions = {}): Normalizer {
  const { per } = withDefaults(options, overrides);
  return per === "feature" ? standardizeEachFeature : standardizeAllFeatures;
}

/** Returns the standardization of each feature by its own mean and variance. */
function standardizeEachFeature(train: Split): ReturnType<Normalizer> {
  const centres = featureMeans(train);
  return {
    name: "standardize",
    shift: Float32Array.from(centres),
    scale: Float32Array.from(meanSquaredDistances(train, centres), inverseRoot),
  };
}

/**
 * Returns the standardization of all features by one mean and one variance. Every feature has the same
 * number of values, so the mean of the features' means is the mean of all values.
 */
function standardizeAllFeatures(train: Split): ReturnType<Normalizer> {
  const centres = featureMeans(train);
  const shift = mean(centres);
  const variance = mean(meanSquaredDistances(train, centres.fill(shift)));
  return { name: "standardize", shift, scale: inverseRoot(variance) };
}

/** Returns 1 / √variance, or 1 if this is not a finite 32-bit number. */
function inverseRoot(variance: number): number {
  return safeInverse(Math.sqrt(variance));
}

export const standardizeEntry: Entry<StandardizeOptions, Normalizer> = entry({
  doc: "Gives the features mean 0 and variance 1 over the training split",
  options,
  create: standardize,
});
