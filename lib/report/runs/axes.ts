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

export interface AccuracyAxis {
  readonly axis: AxisOptions;
  /** Converts an accuracy, 0 to 1, to a value of the axis, clamped to its ends. */
  readonly at: (accuracy: number) => number;
  /** Whether the axis is logarithmic in the error rate. */
  readonly isRatios: boolean;
}

export const RATIOS_CAPTION = "Log scale of the error rate.";

/** Room [px] above and below the plot of a chart, for titles and numbers of axes. */
export const AROUND = 66;

/** Largest ÷ smallest error rate from which the axis is logarithmic. */
const WIDE = 4;

/** Room beyond the values, as a fraction of their range; on a log axis, of the outermost value. */
const BEYOND = 0.04;

/**
 * Returns the axis of some accuracies, 0 to 1, on the validation split. If the error rates differ by a large
 * factor, the axis is logarithmic in the error rate (96 % is as far from 98 % as 92 % from 96 %), so that the
 * best accuracies can be told apart. Its values are then error rates in percent, the smallest last.
 *
 * @param accuracies accuracies that the axis includes
 * @param length length of the axis [px], which must fit its numbers
 * @param ends ends of deviations. A linear axis includes them too; on a log axis a wide deviation may have
 *   no end
 */
export function accuracyAxis(
  accuracies: readonly number[],
  length: number,
  ends: readonly number[] = [],
): AccuracyAxis {
  const [fewest, most] = extent(accuracies.map(mistakesOf)) ?? [0, 0];
  if (fewest > 0 && most >= WIDE * fewest) return ratioAxis(fewest, most, length);
  const percents = [...accuracies, ...ends].map((accuracy) => accuracy * 100);
  const [low, high] = extent(percents) ?? [0, 100];
  const room = BEYOND * (high - low);
  const domain = [low - room, Math.min(100, high + room)] as const;
  return {
    axis: { title: TITLE, domain },
    at: (accuracy) => within(domain, accuracy * 100),
    isRatios: false,
  };
}

function ratioAxis(fewest: number, most: number, length: number): AccuracyAxis {
  const room = 1 + BEYOND;
  const domain = [Math.min(100, most * room), fewest / room] as const;
  return {
    axis: { title: TITLE, scale: "log", domain, ticks: ratioTicks(domain, length) },
    at: (accuracy) => within([domain[1], domain[0]], mistakesOf(accuracy)),
    isRatios: true,
  };
}

const TITLE = accuracyTitle("validation");

/** Returns the title of an axis of accuracies on a split. */
export function accuracyTitle(split: SplitName): string {
  return `${formatSplit(split)} accuracy (%)`;
}

function within([low, high]: readonly [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

function mistakesOf(accuracy: number): number {
  return (1 - accuracy) * 100;
}

/** Error rates of round accuracies, times a power of ten. */
const ROUND = [1, 1.5, 2, 3, 4, 6, 8];

const APART = 30;

/** Returns ticks at round accuracies on a log axis of error rates in percent. */
function ratioTicks([most, fewest]: readonly [number, number], length: number): readonly Tick[] {
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

/** Largest ÷ smallest value of an option from which its axis is logarithmic. */
const DECADE = 10;

/**
 * Returns the axis of an option's values, in rising order, with a tick at each; logarithmic if the values span
 * a factor of ten.
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

/** Font size of an axis's numbers, and room between two [px]. */
const NUMBER = { size: 11, gap: 6 };

/** Returns a tick at each value, numbered where the number does not touch the previous one. */
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
