import { floorLog10, multipleOfPowerOfTen } from "../numbers.ts";
import { formatCount, formatFixed, formatNumber } from "../../format/numbers.ts";

/** A tick of an axis. */
export interface Tick {
  /** The value in the data's units. */
  readonly value: number;
  /** Label of the tick; empty for a tick without a label. */
  readonly label: string;
}

/** Tolerance, in distances between ticks, for values rounded to single precision (2⁻²⁴ with a margin). */
export const ROUNDING = 1e-6;

/** Largest number of decimals of a label. Smaller values are written with an exponent. */
const MOST_DECIMALS = 6;

/** Value from which labels are written with an exponent. */
const LONG = 1e7;

/** Distance between two ticks: 1, 2 or 5 (`factor`) times a power of ten (`exponent`). */
interface Step {
  readonly factor: number;
  readonly exponent: number;
}

/**
 * Returns ticks from low to high at the multiples of a round step, which is 1, 2 or 5 times a power of ten.
 *
 * The step is chosen as by d3's ticks: the thresholds between 1, 2, 5 and 10 are √2, √10 and √50. Values are
 * parsed from decimals, so that the third multiple of 0.1 is 0.3. All labels have as many decimals as the
 * step.
 *
 * @param count approximate number of ticks
 * @throws {RangeError} unless low ≤ high, both finite, and at least one tick is requested
 */
export function linearTicks(low: number, high: number, count: number): readonly Tick[] {
  assertDomain(low, high);
  if (!(count >= 1)) {
    throw new RangeError(`Cannot place ticks: expected at least one: received ${count}`);
  }
  if (low === high) return [{ value: low, label: formatNumber(low, 6) }];
  const { factor, exponent } = linearStep(low, high, count);
  const size = multipleOfPowerOfTen(factor, exponent);
  const ticks: Tick[] = [];
  // one more on each side, since the quotients are rounded
  for (let i = Math.floor(low / size) - 1; i <= Math.ceil(high / size) + 1; i++) {
    const value = multipleOfPowerOfTen(i * factor, exponent);
    if (value < low || value > high) continue;
    ticks.push({ value, label: formatLinearLabel(i * factor, exponent) });
  }
  return ticks;
}

/**
 * Widens a domain to the next ticks on both sides, so that an axis ends with ticks. An end that is beyond a
 * tick only by rounding, like 0.002 in single precision, is moved to that tick.
 *
 * @param count approximate number of ticks
 */
export function niceDomain(low: number, high: number, count: number): readonly [number, number] {
  assertDomain(low, high);
  if (low === high) return [low, high];
  const { factor, exponent } = linearStep(low, high, count);
  const size = multipleOfPowerOfTen(factor, exponent);
  const at = (i: number) => multipleOfPowerOfTen(i * factor, exponent);
  return [at(Math.floor(low / size + ROUNDING)), at(Math.ceil(high / size - ROUNDING))];
}

/**
 * Returns the multiples of a round step, rising, of which the first is at most `low` and the last at least
 * `high`.
 *
 * @param count approximate number of steps between low and high
 */
export function enclosingTicks(low: number, high: number, count: number): readonly number[] {
  assertDomain(low, high);
  const { factor, exponent } = linearStep(low, high, count);
  const size = multipleOfPowerOfTen(factor, exponent);
  const at = (i: number) => multipleOfPowerOfTen(i * factor, exponent);
  let first = Math.floor(low / size);
  let last = Math.ceil(high / size);
  if (at(first) > low) first--; // the quotients are rounded
  if (at(last) < high) last++;
  return Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
}

/**
 * Returns ticks from low to high at powers of ten; if there are few, also at 2 and 5 times powers of ten.
 *
 * @throws {RangeError} if 0 < low ≤ high does not hold
 */
export function logTicks(low: number, high: number): readonly Tick[] {
  assertDomain(low, high);
  if (!(low > 0)) throw new RangeError(`Cannot place log ticks: expected low > 0: received ${low}`);
  const first = floorLog10(low);
  const last = floorLog10(high);
  const every = Math.ceil((last - first + 1) / 8); // decades from one label to the next
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    if ((exponent - first) % every !== 0) continue;
    for (const factor of factors) {
      const value = multipleOfPowerOfTen(factor, exponent);
      if (value >= low && value <= high) {
        ticks.push({ value, label: formatLogLabel(factor, exponent) });
      }
    }
  }
  return ticks;
}

/** Returns the round step for approximately `count` ticks from low to high. */
function linearStep(low: number, high: number, count: number): Step {
  const step = (high - low) / count;
  const exponent = floorLog10(step);
  const rest = step / multipleOfPowerOfTen(1, exponent);
  if (rest >= Math.sqrt(50)) return { factor: 1, exponent: exponent + 1 };
  if (rest >= Math.sqrt(10)) return { factor: 5, exponent };
  return rest >= Math.SQRT2 ? { factor: 2, exponent } : { factor: 1, exponent };
}

/**
 * Formats multiple × 10^exponent with the decimals of the step, or with an exponent if it is very large or
 * small.
 */
function formatLinearLabel(multiple: number, exponent: number): string {
  const value = multipleOfPowerOfTen(multiple, exponent);
  const isLong = exponent < -MOST_DECIMALS || Math.abs(value) >= LONG;
  if (isLong) return formatNumber(value, Math.max(1, String(Math.abs(multiple)).length));
  return exponent < 0 ? formatFixed(value, -exponent) : formatCount(value);
}

/** Formats factor × 10^exponent: as a decimal from 0.0001 to 9,999,999, "10⁸" or "2·10⁸" beyond. */
function formatLogLabel(factor: number, exponent: number): string {
  if (exponent >= -4 && exponent < 0) {
    return formatFixed(multipleOfPowerOfTen(factor, exponent), -exponent);
  }
  if (exponent >= 0 && exponent <= 6) return formatCount(multipleOfPowerOfTen(factor, exponent));
  const superscript = [...String(exponent)]
    .map((digit) => digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])
    .join("");
  return factor === 1 ? `10${superscript}` : `${factor}·10${superscript}`;
}

/** Throws a RangeError unless low and high are finite and low ≤ high. */
function assertDomain(low: number, high: number): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low <= high) return;
  throw new RangeError(
    `Cannot place ticks: expected finite low <= high: received ${low} and ${high}`,
  );
}
