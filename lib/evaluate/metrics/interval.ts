/** A range of shares, 0 ≤ low ≤ high ≤ 1. */
export type Interval = readonly [low: number, high: number];

/** Quantile of the standard normal distribution that leaves 2.5 % above it. */
const NORMAL_975 = 1.959963984540054;

/**
 * The 95 % score interval of a share of successes, for example an accuracy (Wilson, "Probable
 * inference, the law of succession, and statistical inference", JASA 22, 1927, pages 209–212).
 *
 *   (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n)        p = successes / n
 *
 * Unlike p ± z √(p (1 − p)/n) it stays between 0 and 1 and is no point where all or none succeed.
 * It speaks of samples like these drawn anew, not of another seed or other training data.
 *
 * @returns null if there was no trial
 * @throws {RangeError} if there are more successes than trials, or one of them is no count
 */
export function wilsonInterval(successes: number, trials: number): Interval | null {
  if (!isCount(successes) || !isCount(trials) || successes > trials) {
    throw new RangeError(
      `Cannot give an interval: expected 0 ≤ successes ≤ trials, whole numbers: ` +
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
  // the ends are exact where they are known: rounding must not leave 1e-18 for 0
  const low = successes === 0 ? 0 : (centre - half) / scale;
  const high = successes === trials ? 1 : (centre + half) / scale;
  return [low, high];
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
