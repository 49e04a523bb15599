import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Split } from "../dataset.ts";
import type { Normalizer } from "./normalizer.ts";
import { inverse, means, meanSquares } from "./statistics.ts";
import { mean } from "../../tensor/math/statistics.ts";

/** Options of {@link standardize}. */
export interface StandardizeOptions {
  /** Whether each feature has its own mean and variance, or all features share one. */
  readonly per?: "feature" | "all";
}

const options = z.strictObject({
  per: z.enum(["feature", "all"]).default("feature")
    .describe("whether each feature has its own mean and variance, or all share one"),
});

/**
 * y = (x − μ) / σ, with the mean μ and the standard deviation σ of the training split (dividing by
 * the number of values, not by one less).
 *
 * Two passes: the means first, then the mean squared distances from them, which loses no digits
 * where the mean is large. Where σ is 0, or too small for 1 / σ to be a 32-bit number, the scale is 1, as in scikit-learn's StandardScaler: a
 * feature that never changed while training stays quiet until it does. No tolerance is needed for
 * that: sums of equal 32-bit numbers are exact in 64 bits up to 2²⁹ rows, so σ is 0 exactly.
 */
export function standardize(overrides: StandardizeOptions = {}): Normalizer {
  const { per } = withDefaults(options, overrides);
  return per === "feature" ? byFeature : overAll;
}

function byFeature(train: Split): ReturnType<Normalizer> {
  const centres = means(train);
  return {
    name: "standardize",
    shift: Float32Array.from(centres),
    scale: Float32Array.from(meanSquares(train, centres), inverseRoot),
  };
}

/** All features have the same number of values, so means of means are means of all values. */
function overAll(train: Split): ReturnType<Normalizer> {
  const centres = means(train);
  const shift = mean(centres);
  const variance = mean(meanSquares(train, centres.fill(shift)));
  return { name: "standardize", shift, scale: inverseRoot(variance) };
}

function inverseRoot(variance: number): number {
  return inverse(Math.sqrt(variance));
}

export const standardizeEntry: Entry<StandardizeOptions, Normalizer> = entry({
  doc: "Gives the features mean 0 and variance 1 over the training split",
  options,
  create: standardize,
});
