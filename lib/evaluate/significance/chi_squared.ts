import { exp } from "../../tensor/math/math.ts";

/** Largest x for which 1 − erf is computed by its series. For larger x the difference would lose digits. */
const SERIES_UP_TO = 4;

/** Number of terms of erfc's continued fraction. At x = 4, where it converges slowest, 120 terms are exact to rounding. */
const FRACTION_TERMS = 150;

/**
 * Computes the probability that the square of a standard normal variable exceeds x: the p-value of a chi-squared
 * test with one degree of freedom. With z = √(x/2) the probability is erfc(z), computed as
 *
 *   1 − 2/√π e^(−z²) Σₙ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n + 1))                            for small x
 *   1/√π e^(−z²) / (z + ½/(z + 1/(z + 3⁄2/(z + 2/(z + …)))))                    for large x
 *
 * (Abramowitz and Stegun, "Handbook of mathematical functions", 1964, 7.1.6 and 7.1.14), with a relative
 * error of about 1e-14. The computation uses only + − × ÷ and √, so its bits are the same on every machine.
 *
 * @throws {RangeError} if x is negative or NaN
 */
export function chiSquaredTail(x: number): number {
  if (!(x >= 0)) {
    throw new RangeError(`Cannot compute a probability: expected x of at least 0: received ${x}`);
  }
  const z = Math.sqrt(x / 2);
  const density = exp(-x / 2) / Math.sqrt(Math.PI);
  if (x <= SERIES_UP_TO) return 1 - 2 * density * erfSeries(z);
  return density === 0 ? 0 : density / erfcFraction(z);
}

/** Computes Σₙ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n + 1)): erf(z) without the factor 2/√π e^(−z²). */
function erfSeries(z: number): number {
  let sum = 0;
  let term = z;
  for (let odd = 1; sum + term !== sum; odd += 2) {
    sum += term;
    term *= 2 * z * z / (odd + 2);
  }
  return sum;
}

/** Computes the continued fraction z + ½/(z + 1/(z + 3⁄2/(z + …))), from its innermost term. */
function erfcFraction(z: number): number {
  let value = z;
  for (let n = FRACTION_TERMS; n >= 1; n--) value = z + n / 2 / value;
  return value;
}
