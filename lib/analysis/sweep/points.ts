/**
 * The data of a sweep's figure: the accuracies of each setting, and the curves that they form.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Setting } from "../../config/grid.ts";
import { formatSetting } from "../../report/runs/names.ts";
import type { Compared, ScoredRun } from "../../run/scored_run.ts";
import { REPEATS, settingsOf, type SweptSetting } from "./model.ts";
import { type Spread, spreadOf } from "../../tensor/math/statistics.ts";

/** A setting with the accuracies of its runs on a split. */
export interface SettingPoint extends Pick<SweptSetting, "settings"> {
  /** Accuracies, 0 to 1, in the order of the grid. */
  readonly accuracies: readonly number[];
  /** Mean and standard deviation of the accuracies. */
  readonly spread: Spread;
}

/** Returns the settings of some runs, in the order of the grid, without those not evaluated on the split. */
export function settingPoints(
  runs: readonly ScoredRun[],
  split: Compared,
): readonly SettingPoint[] {
  return settingsOf(runs).flatMap(({ settings, runs }) => {
    const accuracies = runs.flatMap(({ scores }) => scores[split]?.accuracy ?? []);
    const spread = spreadOf(accuracies);
    return spread === undefined ? [] : [{ settings, accuracies, spread }];
  });
}

/** Settings over the values of an option. */
export interface Curve {
  /** Value of the other varying option; undefined if there is none. */
  readonly name?: string;
  /** Values of the option, rising. */
  readonly x: readonly number[];
  /** Settings with these values. */
  readonly points: readonly SettingPoint[];
}

/** Curves over one option. */
export interface Curves {
  readonly key: string;
  /** All its values, rising. */
  readonly values: readonly number[];
  /** A curve for each value of the other option, in the order of the grid. */
  readonly curves: readonly Curve[];
}

/** Returns the curves of some settings; undefined if no option has enough numeric values, or more than two vary. */
export function curvesOf(
  keys: readonly string[],
  points: readonly SettingPoint[],
): Curves | undefined {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const [along] = own
    .map((key) => ({ key, values: numbersOf(key, points) }))
    .filter(({ values }) => values.length >= FEWEST)
    .sort((a, b) => b.values.length - a.values.length);
  if (along === undefined || own.length > 2) return undefined;
  const { key, values } = along;
  const other = own.find((each) => each !== key);
  const x = (point: SettingPoint) => settingOf(point, key)?.value as number;
  const groups = Map.groupBy(points, (point) => {
    const setting = settingOf(point, other);
    return setting === undefined ? undefined : formatSetting(setting);
  });
  const curves = [...groups].map(([name, unsorted]) => {
    const points = unsorted.toSorted((a, b) => x(a) - x(b));
    return { ...defined({ name }), x: points.map(x), points };
  });
  return { key, values, curves };
}

/** Smallest number of values of a curve. */
const FEWEST = 3;

/** Ratio of the largest to the smallest positive value from which values with a zero fit no axis. */
const MOST = 100;

/** Returns the values of an option, rising, if they are numbers that fit one axis; none otherwise. */
function numbersOf(key: string, points: readonly SettingPoint[]): readonly number[] {
  const values = [...new Set(points.map((point) => settingOf(point, key)?.value))];
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const [first = 0, second = 0] = numbers;
  const isShown = first > 0 || first === 0 && (numbers.at(-1) ?? 0) < MOST * second;
  return numbers.length === values.length && isShown ? numbers : [];
}

function settingOf({ settings }: SettingPoint, key: string | undefined): Setting | undefined {
  return settings.find((setting) => setting.key === key);
}
