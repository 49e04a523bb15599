/**
 * Computes coordinates and logarithms that are the same on every machine.
 *
 * Engines differ in the last bit of Math.log10 and Math.pow, which d3's ticks use, and one bit can move a
 * tick. The functions here use only operations that ECMAScript defines exactly: + − × ÷, rounding, and
 * parsing and formatting decimals.
 *
 * @module
 */

/**
 * Formats a coordinate or a size [px] for the SVG file, rounded to 2 decimals.
 *
 * @throws {RangeError} if the value is not finite
 */
export function formatCoordinate(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot place a mark: expected a finite coordinate: received ${value}`);
  }
  return String(roundCoordinate(value));
}

/** Rounds a coordinate to 2 decimals. The result is never −0; NaN stays NaN. */
export function roundCoordinate(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/**
 * Returns multiple × 10^exponent for whole numbers, rounded once to the nearest double: the number is parsed
 * from its decimal form. 3 × 10⁻¹ is therefore 0.3, while 3 * 0.1 is 0.30000000000000004.
 */
export function multipleOfPowerOfTen(multiple: number, exponent: number): number {
  return Number(`${multiple}e${exponent}`) + 0; // never −0
}

/** Returns the largest whole number k with 10ᵏ ≤ value, for a positive and finite value. */
export function floorLog10(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

const LN10 = 2.302585092994046;
const LN2 = 0.6931471805599453;

/**
 * Computes the decimal logarithm of a positive, finite number, with an error of about 1e-15.
 *
 * Halves or doubles the value into [¾, 3/2), where ln m = 2 artanh(s), s = (m − 1)/(m + 1), |s| ≤ ⅕,
 * and twelve terms of the series s + s³/3 + s⁵/5 + … leave less than 1e-18.
 */
export function log10(value: number): number {
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot take a logarithm: expected a positive, finite number: received ${value}`,
    );
  }
  let mantissa = value;
  let exponent = 0;
  for (; mantissa >= 1.5; exponent++) mantissa /= 2;
  for (; mantissa < 0.75; exponent--) mantissa *= 2;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return (2 * s * sum + exponent * LN2) / LN10;
}

/**
 * Returns the largest of some numbers, or 0 if all are negative or there are none. `Math.max(0, ...values)`
 * would fail for more than some 100,000 numbers, since arguments are on the engine's stack.
 */
export function largestOrZero(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}
