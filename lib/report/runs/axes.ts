/**
 * Axes of charts of several runs: accuracy, and an option that varies.
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
  /** From an accuracy, 0 to 1, to a value of the axis; to its nearer end from what it does not hold. */
  readonly at: (accuracy: number) => number;
  /** Whether equal distances are equal ratios of mistakes. */
  readonly isRatios: boolean;
}

export const RATIOS_CAPTION = "Equal distances are equal ratios of mistakes.";

/** Room above and below the plot of a chart, for titles and numbers of axes, in pixels. */
export const AROUND = 66;

/** Most mistakes ÷ fewest from which an axis shows their ratios. */
const WIDE = 4;

/** Room beyond the values, as a share of their range; on an axis of ratios, of the outermost value. */
const BEYOND = 0.04;

/**
 * The axis of some accuracies on the validation split, 0 to 1. Where some make several times the mistakes of others, equal
 * distances are equal ratios of mistakes (96 % is as far from 98 % as 92 % from 96 %), or it could not
 * be seen in what the best ones differ. Its values are then mistakes in percent, the fewest last.
 *
 * @param accuracies what it must hold
 * @param length of the axis in pixels, which must hold its numbers
 * @param ends of deviations, which it holds too if it is not one of ratios, on which a wide deviation
 *   may end nowhere
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
  return `accuracy on the ${formatSplit(split)} split (%)`;
}

function within([low, high]: readonly [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

function mistakesOf(accuracy: number): number {
  return (1 - accuracy) * 100;
}

/** Mistakes that leave a round accuracy, times a power of ten. */
const ROUND = [1, 1.5, 2, 3, 4, 6, 8];

const APART = 30;

/** Ticks on an axis of mistakes in percent, at round accuracies. */
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

/** Largest ÷ smallest from which an axis shows ratios of an option. */
const DECADE = 10;

/**
 * The axis of an option's values, which rise, with ticks at these: apart by their ratios if they span a
 * decade, else by their differences.
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

/** Font size of an axis's numbers, and room between two, in pixels. */
const NUMBER = { size: 11, gap: 6 };

/** A tick at each value, with its number where this does not touch the one before. */
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
