/**
 * Axes of charts of several runs: accuracy, and a varying option.
 *
 * @module
 */
import {
  type AxisOptions,
  extent,
  linearScale,
  logScale,
  type Scale,
  textWidth,
  type Tick,
} from "deno-plot-svg";
import type { SplitName } from "../../data/split/samples.ts";
import { formatNumber } from "../../format/numbers.ts";
import { formatSplit } from "../result.ts";

/** An axis of accuracies, linear in the accuracy or logarithmic in the error rate. */
export interface AccuracyAxis {
  /** Options of the axis for a chart. */
  readonly axis: AxisOptions;
  /** Converts an accuracy, 0 to 1, to a value of the axis, clamped to its ends. */
  readonly at: (accuracy: number) => number;
  /** Whether the axis is logarithmic in the error rate. */
  readonly isLogarithmic: boolean;
}

/** Sentence of captions on an axis that is logarithmic in the error rate. */
export const ERROR_RATE_CAPTION = "Log scale of the error rate.";

/** Sum of the space [px] above and below the plot of a chart, for titles and numbers of axes. */
export const AROUND = 66;

/** Ratio of the largest to the smallest error rate from which the axis is logarithmic. */
const WIDE = 4;

/**
 * Room beyond the outermost values: a fraction of their range on a linear axis, and of the value on a log
 * axis.
 */
const BEYOND = 0.04;

/**
 * Returns an axis for accuracies on the validation split.
 *
 * If the largest error rate is at least 4 times the smallest, the axis is logarithmic in the error rate, so
 * that the best accuracies are distinct: 96 % is then as far from 98 % as 92 % from 96 %. The values of
 * such an axis are error rates in percent, the smallest last.
 *
 * @param accuracies accuracies, 0 to 1, that the axis includes
 * @param length length of the axis [px], for which numbers without overlap are chosen
 * @param ends ends of error bars, 0 to 1. A linear axis includes them, a log axis may not
 */
export function accuracyAxis(
  accuracies: readonly number[],
  length: number,
  ends: readonly number[] = [],
): AccuracyAxis {
  const [fewest, most] = extent(accuracies.map(errorPercent)) ?? [0, 0];
  if (fewest > 0 && most >= WIDE * fewest) return errorRateAxis(fewest, most, length);
  const percents = [...accuracies, ...ends].map((accuracy) => accuracy * 100);
  const [low, high] = extent(percents) ?? [0, 100];
  const room = BEYOND * (high - low);
  const domain = [low - room, Math.min(100, high + room)] as const;
  return {
    axis: { title: TITLE, domain },
    at: (accuracy) => clamp(domain, accuracy * 100),
    isLogarithmic: false,
  };
}

/** Returns a logarithmic axis between two error rates in percent. */
function errorRateAxis(lowest: number, highest: number, length: number): AccuracyAxis {
  const room = 1 + BEYOND;
  const domain = [Math.min(100, highest * room), lowest / room] as const;
  return {
    axis: { title: TITLE, scale: "log", domain, ticks: errorRateTicks(domain, length) },
    at: (accuracy) => clamp([domain[1], domain[0]], errorPercent(accuracy)),
    isLogarithmic: true,
  };
}

/** Title of an axis of validation accuracies. */
const TITLE = accuracyTitle("validation");

/** Returns the title of an axis of accuracies on a split: "test accuracy (%)". */
export function accuracyTitle(split: SplitName): string {
  return `${formatSplit(split)} accuracy (%)`;
}

/** Limits a value to a range. */
function clamp([low, high]: readonly [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Returns the error rate in percent of an accuracy, 0 to 1. */
function errorPercent(accuracy: number): number {
  return (1 - accuracy) * 100;
}

/** Error rates that, multiplied by powers of ten, give round accuracies. */
const ROUND = [1, 1.5, 2, 3, 4, 6, 8];

/** Smallest distance [px] between two ticks. */
const APART = 30;

/**
 * Returns ticks at round accuracies for a log axis between two error rates in percent. Their labels are
 * accuracies in percent.
 *
 * @param length length of the axis [px], on which ticks keep a distance
 */
function errorRateTicks(
  [most, fewest]: readonly [number, number],
  length: number,
): readonly Tick[] {
  const scale = logScale({ domain: [fewest, most], range: [0, length], nice: false });
  const values = [-2, -1, 0, 1]
    .flatMap((exponent) => ROUND.map((factor) => Number(`${factor}e${exponent}`)))
    .filter((value) => value >= fewest && value <= most);
  let last = -Infinity;
  return values.flatMap((value) => {
    if (scale.at(value) - last < APART) return [];
    last = scale.at(value);
    return [{ value, label: formatNumber(100 - value) }];
  });
}

/** Ratio of the largest to the smallest value of an option from which its axis is logarithmic. */
const DECADE = 10;

/**
 * Returns an axis for the values of an option, with a tick at each value. The axis is logarithmic if the
 * largest value is at least ten times the smallest.
 *
 * @param values values in rising order
 * @param length length of the axis [px]
 */
export function optionAxis(title: string, values: readonly number[], length: number): AxisOptions {
  const domain = extent(values) ?? [0, 0];
  const isWide = domain[0] > 0 && domain[1] >= DECADE * domain[0];
  const scale = (isWide ? logScale : linearScale)({ domain, range: [0, length], nice: false });
  return {
    title: isWide ? `${title} (log scale)` : title,
    domain,
    scale: isWide ? "log" : "linear",
    ticks: valueTicks(values, scale),
  };
}

/** Font size [px] of the numbers of an axis, and the smallest gap [px] between two of them. */
const NUMBER = { size: 11, gap: 6 };

/** Returns a tick at each value. A tick has no number if it would touch the number of the previous tick. */
export function valueTicks(values: readonly number[], scale: Scale): readonly Tick[] {
  let end = -Infinity;
  return values.map((value) => {
    const label = formatNumber(value);
    const half = textWidth(label, { size: NUMBER.size }) / 2;
    if (scale.at(value) - half < end + NUMBER.gap) return { value, label: "" };
    end = scale.at(value) + half;
    return { value, label };
  });
}
