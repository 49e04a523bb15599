// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
import { floorLog10, log10, multipleOfPowerOfTen } from "../numbers.ts";
import { linearTicks, logTicks, niceDomain, ROUNDING, type Tick } from "./ticks.ts";

/** A scale, which maps values to positions in pixels. */
export interface Scale {
  /** Smallest and largest value. */
  readonly domain: readonly [number, number];
  /** Positions [px] of the smallest and the largest value. */
  readonly range: readonly [number, number];
  /** Ticks of the axis. */
  readonly ticks: readonly Tick[];
  /**
   * Returns the position [px] of a value; NaN for a non-finite value and, on a log scale, for a value that is
   * not positive.
   */
  at(value: number): number;
}

/** Options of a scale. */
export interface ScaleOptions {
  /** Smallest and largest value. If they are equal, the domain is widened. */
  readonly domain: readonly [number, number];
  /** Positions [px] of the smallest and the largest value. */
  readonly range: readonly [number, number];
  /** Approximate number of ticks. Defaults to 5. */
  readonly count?: number;
  /** Whether the domain is widened to the next ticks. Defaults to true. */
  readonly nice?: boolean;
  /** Ticks of the axis. Defaults to round numbers in the domain. */
  readonly ticks?: readonly Tick[];
}

/** Returns a linear scale. */
export function linearScale({ domain, range, count = 5, nice = true, ticks }: ScaleOptions): Scale {
  const [low, high] = widenEqualEnds(domain);
  const shown = nice ? niceDomain(low, high, count) : [low, high] as const;
  const map = scaleLinear(shown, range);
  return {
    domain: shown,
    range,
    ticks: ticks ?? linearTicks(...shown, count),
    at: (value) => Number.isFinite(value) ? map(value) : NaN,
  };
}

/**
 * Returns a logarithmic scale. Its logarithms are equal on all machines; those of d3's log scale are not,
 * since it calls Math.log.
 *
 * @throws {RangeError} if the domain is not positive
 */
export function logScale({ domain, range, nice = true, ticks }: ScaleOptions): Scale {
  if (!(domain[0] > 0)) {
    throw new RangeError(
      `Cannot make a log scale: expected a positive domain: received ${domain[0]} to ${domain[1]}`,
    );
  }
  const [low, high] = domain[0] === domain[1] ? [domain[0] / 2, domain[1] * 2] : domain;
  const shown = nice ? niceLogDomain(low, high) : [low, high] as const;
  const map = scaleLinear([log10(shown[0]), log10(shown[1])], range);
  return {
    domain: shown,
    range,
    ticks: ticks ?? logTicks(...shown),
    at: (value) => value > 0 && value < Infinity ? map(log10(value)) : NaN,
  };
}

/** Returns the smallest and the largest of the finite numbers; undefined if no number is finite. */
export function extent(values: Iterable<number | null>): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Widens a domain of a single value, to include 0 as well. */
function widenEqualEnds([low, high]: readonly [number, number]): readonly [number, number] {
  if (low !== high) return [low, high];
  return low === 0 ? [0, 1] : low > 0 ? [0, 2 * low] : [2 * low, 0];
}

/** Widens a positive domain on each side to the next number that is 1, 2 or 5 times a power of ten. */
function niceLogDomain(low: number, high: number): readonly [number, number] {
  const below = floorLog10(low);
  const above = floorLog10(high);
  const lower = [10, 5, 2, 1].map((f) => multipleOfPowerOfTen(f, below)).find((value) =>
    value <= low * (1 + ROUNDING)
  );
  const upper = [1, 2, 5, 10].map((f) => multipleOfPowerOfTen(f, above)).find((value) =>
    value >= high * (1 - ROUNDING)
  );
  return [lower as number, upper as number];
}
