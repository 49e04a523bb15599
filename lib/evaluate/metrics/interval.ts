/** An interval of proportions, 0 ≤ low ≤ high ≤ 1. */
export type Interval = readonly [low: number, high: number];

/** The 97.5 % quantile of the standard normal distribution. */
const NORMAL_975 = 1.959963984540054;

/**
 * Computes the 95 % score interval of a proportion, for example an accuracy (Wilson, "Probable inference, the
 * law of succession, and statistical inference", JASA 22, 1927, pages 209–212).
 *
 *   (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n)        p = successes / n
 *
 * Unlike p ± z √(p (1 − p)/n), the interval stays between 0 and 1 and has a width above 0 even if all trials succeed
 * or none do. It covers the random choice of the samples, but not that of the seed or the training data.
 *
 * @returns null without trials
 * @throws {RangeError} if successes exceed trials, or one of them is not a whole number ≥ 0
 */
export function wilsonInterval(successes: number, trials: number): Interval | null {
  if (!isCount(successes) || !isCount(trials) || successes > trials) {
    throw new RangeError(
      `Cannot compute an interval: expected whole numbers 0 ≤ successes ≤ trials: ` +
        `received ${successes} of ${trials}`,
    );
  }
  if (trials === 0) return null;
  const share = successes / trials;
  const z2 = NORMAL_975 * NORMAL_975;
  const centre = share + z2 / (2 * trials);
  const variance = (share * (1 - share)) / trials + z2 / (4 * trials * trials);
  const half = NORMAL_975 * Math.sqrt(variance);
  const scale = 1 + z2 / trials;
  // known ends are exact: rounding must not turn 0 into 1e-18
  const low = successes === 0 ? 0 : (centre - half) / scale;
  const high = successes === trials ? 1 : (centre + half) / scale;
  return [low, high];
}

/** Returns whether a value is a whole number ≥ 0 that is exact in double precision. */
function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
