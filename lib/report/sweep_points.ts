/**
 * What the figure of a sweep shows: the accuracies of each setting, and the curves that these make.
 *
 * @module
 */
import {
  REPEATS,
  settingsOf,
  type Spread,
  spreadOf,
  type SweptRun,
  type SweptSetting,
} from "../run/sweep.ts";
import { namedValue } from "./sweep_names.ts";

/** A setting whose runs were evaluated on the validation part. */
export interface SettingPoint {
  /** What its runs have in common. */
  readonly settings: SweptSetting["settings"];
  /** Their accuracies, 0 to 1, in the order of the grid. */
  readonly accuracies: readonly number[];
  /** Mean and standard deviation of these. */
  readonly spread: Spread;
}

/** The settings of some runs, in the order of the grid; those that were not evaluated left out. */
export function settingPoints(runs: readonly SweptRun[]): readonly SettingPoint[] {
  return settingsOf(runs).flatMap(({ settings, runs }) => {
    const accuracies = runs.flatMap(({ scores }) => scores.validation?.accuracy ?? []);
    const spread = spreadOf(accuracies);
    return spread === undefined ? [] : [{ settings, accuracies, spread }];
  });
}

/** All accuracies that a point takes room for: those of its runs, and the ends of its deviation. */
export function rangeOf({ accuracies, spread }: SettingPoint): readonly number[] {
  const { mean, deviation = 0 } = spread;
  return [...accuracies, mean - deviation, mean + deviation];
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
  /** The option. */
  readonly key: string;
  /** All its values, rising. */
  readonly values: readonly number[];
  /** A curve for each value of the other option, in the order of the grid. */
  readonly curves: readonly Curve[];
}

/** The curves that settings make; undefined if no option rises, or more than two vary. */
export function curvesOf(
  keys: readonly string[],
  points: readonly SettingPoint[],
): Curves | undefined {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const rising = own
    .map((key) => ({ key, values: risingValues(key, points) }))
    .filter(({ values }) => values.length >= FEWEST)
    .sort((a, b) => b.values.length - a.values.length);
  const [along] = rising;
  if (along === undefined || own.length > 2) return undefined;
  const { key, values } = along;
  const other = own.find((each) => each !== key);
  const groups = Map.groupBy(points, ({ settings }) => nameOf(settings, other));
  const curves = [...groups].map(([name, points]) => ({
    ...(name === undefined ? {} : { name }),
    x: points.map(({ settings }) => valueOf(settings, key) as number),
    points,
  }));
  return { key, values, curves };
}

/** Values that make a curve, at least. */
const FEWEST = 3;

/** Largest ÷ smallest above zero from which values with a zero have no axis that shows them all. */
const MOST = 100;

/** The values of an option if they are numbers that rise and that one axis can show; else none. */
function risingValues(key: string, points: readonly SettingPoint[]): readonly number[] {
  const values = [...new Set(points.map(({ settings }) => valueOf(settings, key)))];
  const numbers = values.filter((value) => typeof value === "number");
  const isRising = numbers.every((value, index) =>
    index === 0 || value > (numbers[index - 1] ?? 0)
  );
  const [first = 0, second = 0] = numbers;
  const isShown = first > 0 || first === 0 && (numbers.at(-1) ?? 0) < MOST * second;
  return numbers.length === values.length && isRising && isShown ? numbers : [];
}

function valueOf(settings: SettingPoint["settings"], key: string): unknown {
  return settings.find((setting) => setting.key === key)?.value;
}

function nameOf(settings: SettingPoint["settings"], key: string | undefined): string | undefined {
  const setting = settings.find((setting) => setting.key === key);
  return setting === undefined ? undefined : namedValue(setting);
}
