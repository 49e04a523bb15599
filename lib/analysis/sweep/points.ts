/**
 * What the figure of a sweep shows: the accuracies of each setting, and the curves that these make.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Setting } from "../../config/grid.ts";
import { namedValue } from "../../report/runs/names.ts";
import type { Compared, ScoredRun } from "../../run/scored_run.ts";
import { REPEATS, settingsOf, type SweptSetting } from "./model.ts";
import { type Spread, spreadOf } from "../../tensor/math/statistics.ts";

/** A setting whose runs were evaluated on a split. */
export interface SettingPoint extends Pick<SweptSetting, "settings"> {
  /** Their accuracies, 0 to 1, in the order of the grid. */
  readonly accuracies: readonly number[];
  /** Mean and standard deviation of these. */
  readonly spread: Spread;
}

/** The settings of some runs, in the order of the grid; those that were not evaluated on the split left out. */
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
  /** What else distinguishes them; undefined if nothing does. */
  readonly name?: string;
  /** Values of the option, rising. */
  readonly x: readonly number[];
  /** The settings with these. */
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

/** The curves that settings make; undefined if no option has numbers enough, or more than two vary. */
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
  const x = (point: SettingPoint) => settingAt(point, key)?.value as number;
  const groups = Map.groupBy(points, (point) => {
    const setting = settingAt(point, other);
    return setting === undefined ? undefined : namedValue(setting);
  });
  const curves = [...groups].map(([name, unsorted]) => {
    const points = unsorted.toSorted((a, b) => x(a) - x(b));
    return { ...defined({ name }), x: points.map(x), points };
  });
  return { key, values, curves };
}

/** Values that make a curve, at least. */
const FEWEST = 3;

/** Largest ÷ smallest above zero from which values with a zero have no axis that shows them all. */
const MOST = 100;

/** The values of an option, rising, if they are numbers that one axis can show; else none. */
function numbersOf(key: string, points: readonly SettingPoint[]): readonly number[] {
  const values = [...new Set(points.map((point) => settingAt(point, key)?.value))];
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const [first = 0, second = 0] = numbers;
  const isShown = first > 0 || first === 0 && (numbers.at(-1) ?? 0) < MOST * second;
  return numbers.length === values.length && isShown ? numbers : [];
}

function settingAt({ settings }: SettingPoint, key: string | undefined): Setting | undefined {
  return settings.find((setting) => setting.key === key);
}
