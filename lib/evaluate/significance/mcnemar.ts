/**
 * Tests by McNemar's test whether one of two networks, evaluated on the same samples, is better.
 *
 * The test uses only samples that one of the networks classifies correctly: b samples the first, c the second. If
 * both networks were equally good, each such sample would be a fair coin toss (McNemar, "Note on the sampling error
 * of the difference between correlated proportions or percentages", Psychometrika 12, 1947).
 *
 *   statistic   χ² = (|b − c| − 1)² / (b + c)        with Edwards' correction for continuity
 *
 * (Edwards, "Note on the correction for continuity …", Psychometrika 13, 1948; as Dietterich,
 * "Approximate statistical tests for comparing supervised classification learning algorithms", Neural
 * Computation 10, 1998, section 3.1, gives it for networks). If b + c is too small for this approximation, the
 * p-value is that of the exact binomial test: min(1, 2 Σ_{i ≤ min(b, c)} C(b + c, i) / 2^(b + c)).
 *
 * The test compares these two networks, not two methods of training: another seed gives another network
 * (Dietterich, 1998, section 2).
 *
 * @module
 */
import { assertSameLength } from "../metrics/accuracy.ts";
import { chiSquaredTail } from "./chi_squared.ts";

/**
 * Number of samples that only one of the networks classifies correctly, b + c, below which the exact test
 * is used. It is the usual bound for the approximation.
 */
const FEW = 25;

/** Numbers of samples that only one of two networks classifies correctly. */
export interface Discordant {
  /** Number b of samples that only the first network classifies correctly. */
  readonly onlyFirst: number;
  /** Number c of samples that only the second network classifies correctly. */
  readonly onlySecond: number;
}

/** Result of McNemar's test of two networks. */
export interface McNemar extends Discordant {
  /** χ² with one degree of freedom, corrected for continuity; 0 if b and c differ by at most 1. */
  readonly statistic: number;
  /** Probability that b and c are at least as unequal, if both networks were equally good. */
  readonly pValue: number;
  /** Distribution from which the p-value is computed: exact binomial, or approximately chi-squared. */
  readonly method: "exact" | "chi-squared";
}

/**
 * Counts the samples that only one of two networks classifies correctly.
 *
 * @param labels index of each sample's true class
 * @param first class that the first network predicts for each sample
 * @param second class that the second network predicts for each sample
 * @throws {TypeError} if labels and predictions differ in number
 */
export function discordant(
  labels: Uint16Array<ArrayBuffer>,
  first: Uint16Array<ArrayBuffer>,
  second: Uint16Array<ArrayBuffer>,
): Discordant {
  assertSameLength(labels, first);
  assertSameLength(labels, second);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < labels.length; i++) {
    const [a, b] = [first[i] === labels[i], second[i] === labels[i]];
    if (a && !b) onlyFirst++;
    if (b && !a) onlySecond++;
  }
  return { onlyFirst, onlySecond };
}

/**
 * Performs McNemar's two-sided test of two networks.
 *
 * @throws {RangeError} if a count is not a whole number ≥ 0
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { discordant, mcnemar } from "../mod.ts";
 *
 * const labels = new Uint16Array([0, 1, 0, 1, 0, 1]);
 * const good = new Uint16Array([0, 1, 0, 1, 0, 1]);
 * const poor = new Uint16Array([1, 0, 1, 0, 1, 1]);
 * assertEquals(mcnemar(discordant(labels, good, poor)).pValue, 2 / 32); // five heads in a row, or tails
 * ```
 */
export function mcnemar({ onlyFirst, onlySecond }: Discordant): McNemar {
  for (const count of [onlyFirst, onlySecond]) {
    if (Number.isSafeInteger(count) && count >= 0) continue;
    throw new RangeError(
      `Cannot compare two networks: expected counts of samples: received ${count}`,
    );
  }
  const total = onlyFirst + onlySecond;
  const beyond = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  const statistic = total === 0 ? 0 : beyond * beyond / total;
  const exact = total < FEW;
  return {
    onlyFirst,
    onlySecond,
    statistic,
    pValue: exact
      ? twoSidedBinomialTail(Math.min(onlyFirst, onlySecond), total)
      : chiSquaredTail(statistic),
    method: exact ? "exact" : "chi-squared",
  };
}

/**
 * Computes the two-sided tail of a binomial distribution: twice the probability that at most `mostHeads` of
 * `tosses` tosses of a fair coin are heads, limited to 1. There must be fewer than 25 tosses; the sum of binomial
 * coefficients is then exact, since it is a whole number below 2⁵³.
 */
function twoSidedBinomialTail(mostHeads: number, tosses: number): number {
  let ways = 0;
  let coefficient = 1;
  for (let i = 0; i <= mostHeads; i++) {
    ways += coefficient;
    coefficient = coefficient * (tosses - i) / (i + 1);
  }
  return Math.min(1, 2 * ways / (1 << tosses)); // fewer than 25 tosses
}
