/**
 * Computes statistics of each feature over a split, for all samples and by class.
 *
 * Sums are in double precision, in the order of rising rows.
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import { featureMeans, meanSquaredDistances } from "../../data/normalize/statistics.ts";
import { featureCount, labelsOf } from "../../data/split/samples.ts";
import { mean } from "../../tensor/math/statistics.ts";

/** Statistics of each feature over the samples of a split, as arrays [features]. */
export interface FeatureStatistics {
  readonly min: Float64Array<ArrayBuffer>;
  readonly max: Float64Array<ArrayBuffer>;
  readonly mean: Float64Array<ArrayBuffer>;
  /** Standard deviation: the root of the mean squared distance from the mean. */
  readonly deviation: Float64Array<ArrayBuffer>;
  /** Fraction of values that are not 0. */
  readonly nonZero: Float64Array<ArrayBuffer>;
}

/** Computes the statistics of each feature over the samples of a split, which has at least one sample. */
export function featureStatistics(split: Split): FeatureStatistics {
  const mean = featureMeans(split);
  return {
    ...rangesAndNonZeros(split),
    mean,
    deviation: meanSquaredDistances(split, mean).map(Math.sqrt),
  };
}

/** Computes minimum, maximum and fraction of non-zero values of each feature. */
function rangesAndNonZeros(split: Split): Pick<FeatureStatistics, "min" | "max" | "nonZero"> {
  const { samples: { values }, rows } = split;
  const features = featureCount(split);
  const [min, max] = [new Float64Array(features), new Float64Array(features)];
  const nonZero = new Float64Array(features);
  min.fill(Infinity);
  max.fill(-Infinity);
  for (const row of rows) {
    const start = row * features;
    for (let f = 0; f < features; f++) {
      const value = values[start + f];
      if (value < min[f]) min[f] = value;
      if (value > max[f]) max[f] = value;
      if (value !== 0) nonZero[f] = nonZero[f] + 1;
    }
  }
  return { min, max, nonZero: nonZero.map((count) => count / rows.length) };
}

/** Statistics of all values of a split, over all samples and features. */
export interface ValueStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of all values. */
  readonly deviation: number;
  /** Fraction of values that are 0. */
  readonly zeros: number;
}

/**
 * Computes the statistics of all values of a split from those of each feature. All features have the same number of
 * values. So the overall mean is the mean of the features' means, and the overall variance is the mean over features of
 * σ² + (μ − overall mean)², with the feature's mean μ and variance σ².
 */
export function valueStatistics(
  { min, max, mean: means, deviation, nonZero }: FeatureStatistics,
): ValueStatistics {
  const all = mean(means);
  return {
    min: min.reduce((a, b) => Math.min(a, b)),
    max: max.reduce((a, b) => Math.max(a, b)),
    mean: all,
    deviation: Math.sqrt(mean(deviation.map((own, f) => {
      const distance = means[f] - all;
      return own * own + distance * distance;
    }))),
    zeros: 1 - mean(nonZero),
  };
}

/** Statistics of each feature over the samples of one class, as arrays [features]. */
export interface ClassStatistics {
  /** Index of the class. */
  readonly label: number;
  /** Number of samples of the class. */
  readonly count: number;
  readonly mean: Float64Array<ArrayBuffer>;
  readonly deviation: Float64Array<ArrayBuffer>;
}

/** Differences between the classes of a split in each feature. */
export interface ClassDifferences {
  /** Statistics of each class that has samples, in the order of the classes, up to a largest number of classes. */
  readonly classes: readonly ClassStatistics[];
  /**
   * Fraction of each feature's variance that is between the classes, the squared correlation ratio η² [features]; NaN
   * for constant features.
   */
  readonly explained: Float64Array<ArrayBuffer>;
}

/**
 * Compares the classes of a split, feature by feature, by the fraction of the variance that the classes explain
 * (Fisher, Statistical Methods for Research Workers, 1925, chapter 8):
 *
 *     η² = Σ n_c (μ_c − μ)² ÷ (n σ²)
 *
 * Class c has n_c samples with the mean μ_c; the split has n samples with mean μ and variance σ².
 *
 * @param mean mean of each feature over the split
 * @param deviation standard deviation of each feature over the split
 * @param most largest number of classes whose statistics are returned
 */
export function classDifferences(
  split: Split,
  { mean, deviation }: FeatureStatistics,
  most: number,
): ClassDifferences {
  const classes: ClassStatistics[] = [];
  const between = new Float64Array(mean.length);
  for (const each of classStatistics(split)) {
    if (classes.length < most) classes.push(each);
    for (let f = 0; f < between.length; f++) {
      const distance = each.mean[f] - mean[f];
      between[f] = between[f] + each.count * distance * distance;
    }
  }
  const explained = between.map((sum, f) => {
    const sigma = deviation[f];
    // rounding may give slightly more than 1
    return Math.min(1, sum / (split.rows.length * sigma * sigma));
  });
  return { classes, explained };
}

/** Yields the statistics of each class that has samples, in the order of the classes. */
function* classStatistics(split: Split): Generator<ClassStatistics> {
  const labels = labelsOf(split);
  const byLabel = Map.groupBy(split.rows.keys(), (index) => labels[index]);
  for (const [label, indices] of [...byLabel].sort(([a], [b]) => a - b)) {
    const rows = Uint32Array.from(indices, (index) => split.rows[index]);
    const ofClass = { samples: split.samples, rows };
    const mean = featureMeans(ofClass);
    const deviation = meanSquaredDistances(ofClass, mean).map(Math.sqrt);
    yield { label, count: rows.length, mean, deviation };
  }
}
