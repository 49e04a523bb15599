/**
 * Computes the data of a sweep's figure: the accuracies of each setting, and the curves that they form.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Setting } from "../../config/grid.ts";
import { formatSetting } from "../../report/runs/names.ts";
import type { Compared, ScoredRun } from "../../run/scored_run.ts";
import { groupBySetting, REPEATS, type SweptSetting } from "./model.ts";
import { type Spread, spreadOf } from "../../tensor/math/statistics.ts";

/** A setting of a sweep with the accuracies of its runs on a split. */
export interface SettingPoint extends Pick<SweptSetting, "settings"> {
  /** Accuracy of each run, 0 to 1, in the order of the grid. */
  readonly accuracies: readonly number[];
  /** Mean and standard deviation of the accuracies. */
  readonly spread: Spread;
}

/**
 * Groups the accuracies of runs on a split by setting. Settings without a run that was evaluated on the split
 * are omitted.
 */
export function settingPoints(
  runs: readonly ScoredRun[],
  split: Compared,
): readonly SettingPoint[] {
  return groupBySetting(runs).flatMap(({ settings, runs }) => {
    const accuracies = runs.flatMap(({ scores }) => scores[split]?.accuracy ?? []);
    const spread = spreadOf(accuracies);
    return spread === undefined ? [] : [{ settings, accuracies, spread }];
  });
}

/** A curve over the values of one option: settings that differ only in this option. */
export interface Curve {
  /** Name and value of the other option that varies in the sweep; undefined if there is none. */
  readonly name?: string;
  /** Values of the option along the x axis, rising. */
  readonly x: readonly number[];
  /** Setting at each value of `x`. */
  readonly points: readonly SettingPoint[];
}

/** Curves over the values of one option. */
export interface Curves {
  /** Key of the option along the x axis. */
  readonly key: string;
  /** All values of this option, rising. */
  readonly values: readonly number[];
  /** A curve for each value of the sweep's other option, in the order of the grid. */
  readonly curves: readonly Curve[];
}

/**
 * Arranges settings as curves over the option with the most values that are all numbers. Returns undefined if
 * no option has at least {@linkcode FEWEST} such values, or if more than two options vary besides seed and
 * fold.
 *
 * @param keys keys of the options that vary
 */
export function buildCurves(
  keys: readonly string[],
  points: readonly SettingPoint[],
): Curves | undefined {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const [along] = own
    .map((key) => ({ key, values: plottableValues(key, points) }))
    .filter(({ values }) => values.length >= FEWEST)
    .sort((a, b) => b.values.length - a.values.length);
  if (along === undefined || own.length > 2) return undefined;
  const { key, values } = along;
  const other = own.find((each) => each !== key);
  const x = (point: SettingPoint) => findSetting(point, key)?.value as number;
  const groups = Map.groupBy(points, (point) => {
    const setting = findSetting(point, other);
    return setting === undefined ? undefined : formatSetting(setting);
  });
  const curves = [...groups].map(([name, unsorted]) => {
    const points = unsorted.toSorted((a, b) => x(a) - x(b));
    return { ...defined({ name }), x: points.map(x), points };
  });
  return { key, values, curves };
}

/** Smallest number of numeric values of an option for which curves are drawn. */
const FEWEST = 3;

/**
 * Ratio of the largest to the smallest positive value of an option from which values that include 0 are not
 * drawn as curves. A linear axis would crowd the small ones, and a logarithmic axis has no 0.
 */
const MOST = 100;

/**
 * Returns the distinct values of an option in rising order, if all are numbers that one axis can show: positive,
 * or 0 and positive numbers of similar size. Returns an empty list otherwise.
 */
function plottableValues(key: string, points: readonly SettingPoint[]): readonly number[] {
  const values = [...new Set(points.map((point) => findSetting(point, key)?.value))];
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const [first = 0, second = 0] = numbers;
  const isShown = first > 0 || first === 0 && (numbers.at(-1) ?? 0) < MOST * second;
  return numbers.length === values.length && isShown ? numbers : [];
}

/** Returns the key and value of an option in a setting; undefined if the setting does not have it. */
function findSetting({ settings }: SettingPoint, key: string | undefined): Setting | undefined {
  return settings.find((setting) => setting.key === key);
}
