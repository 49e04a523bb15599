/**
 * Numbers as text and logarithms, the same on every machine.
 *
 * Engines differ in the last bit of Math.log10 and Math.pow, and d3's ticks use both: one bit can
 * move a tick. Here are the few functions that plots need, made of operations that ECMAScript
 * defines exactly: + − × ÷, rounding, and reading and writing decimals.
 *
 * @module
 */

/** A coordinate or size for the file: rounded to 2 decimals, never −0, never an exponent. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot place a mark: expected a finite coordinate: received ${value}`);
  }
  return String(rounded(value));
}

/** A place rounded to 2 decimals, never −0; NaN stays NaN. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** multiple × 10ᵏ of whole numbers: the double nearest to it, since decimals are read exactly. */
export function decimal(multiple: number, exponent: number): number {
  return Number(`${multiple}e${exponent}`) + 0; // never −0
}

/** The largest whole number whose power of ten is not above a positive, finite value. */
export function exponent10(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

const LN10 = 2.302585092994046;
const LN2 = 0.6931471805599453;

/**
 * Decimal logarithm of a positive, finite number, to about 1e-15.
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

/** A number with a fixed count of decimals and a true minus sign: −0.50. */
export function formatFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** A whole number with thousands set apart: 101,770. */
export function formatCount(value: number): string {
  return formatFixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share as a percentage: 0.9778 → "97.78 %"; the space does not break. */
export function formatPercent(share: number, decimals = 2): string {
  return `${formatFixed(share * 100, decimals)}\u00a0%`;
}

/** A number of any size, to so many significant digits, without trailing zeros: 0.002, 1e−7. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const text = String(Number(value.toPrecision(digits)) + 0);
  const [mantissa, exponent] = text.split("e");
  const shown = mantissa.replace("-", "−");
  return exponent === undefined ? shown : `${shown}e${exponent.replace("-", "−").replace("+", "")}`;
}
