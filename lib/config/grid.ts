/**
 * Expands the grids of settings in `"sweep"` and `"ensemble"` into all combinations.
 *
 *     { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }     2 × 3 combinations
 *
 * @module
 */
import { ConfigError, type Problem, quote } from "./messages/problem.ts";
import { override } from "./override.ts";
import { checkFile, type FileRules, readChain } from "./read.ts";
import type { Config, Grid, StageTable } from "./schema.ts";
import { type Dictionary, placeOf, stageNames, type Tree } from "./tree.ts";

/** An option with a value: a path as in `--set`, and any JSON value. */
export interface Setting {
  /** The path, for example `train.epochs`. */
  readonly key: string;
  /** Value of the option. */
  readonly value: unknown;
}

export interface GridRun<Stages extends StageTable> {
  /** Its settings, in the order of the grid's keys. */
  readonly settings: readonly Setting[];
  /** The config with the settings, and without the grid. */
  readonly config: Config<Stages>;
}

/** A config with a grid, and the configs of all combinations. */
export interface GridRuns<Stages extends StageTable> {
  /** The config with the grid. */
  readonly config: Config<Stages>;
  /** Keys of the grid with more than one value; all keys if there are none. */
  readonly keys: readonly string[];
  /** One for each combination; values of the last key vary fastest. */
  readonly runs: readonly GridRun<Stages>[];
}

/** Largest number of combinations; more are probably a mistake. */
const MOST = 10_000;

/**
 * Reads a config that has a grid, and checks every combination.
 *
 * @param file path of the config, for messages
 * @param overrides `path=value` each, for all combinations
 * @param name key of the grid
 * @param rules as for `readConfig`
 * @throws {ConfigError} if the config has no such grid, or the config or a combination is invalid, with all
 *   problems
 */
export function readGrid<Stages extends StageTable>(
  file: string,
  overrides: readonly string[],
  name: "sweep" | "ensemble",
  rules: FileRules<Stages>,
): GridRuns<Stages> {
  const merged = readChain(file, rules.readText);
  const { tree, problems } = override(merged, overrides, rules.stages);
  const what = `config ${quote(file)}`;
  const config = checkFile(what, tree, rules, problems);
  const grid = config[name];
  if (grid === undefined) throw new ConfigError(what, [{ path: [], message: missing(name) }]);
  const whole = tree as Dictionary; // a checked config is an object
  return { config, ...gridRunsOf(what, whole, { name, grid }, overrides, rules) };
}

function missing(name: string): string {
  return `expected a key "${name}" that says what varies, for example ` +
    `"${name}": { "seed": [1, 2, 3] }: received none`;
}

/** Returns the combinations of a grid's values; those of the last key vary fastest. */
export function combinations(grid: Grid): readonly (readonly Setting[])[] {
  return Object.entries(grid).reduce<readonly (readonly Setting[])[]>(
    (all, [key, values]) =>
      all.flatMap((settings) => values.map((value) => [...settings, { key, value }])),
    [[]],
  );
}

/** Formats a setting for `--set`. */
export function settingText({ key, value }: Setting): string {
  return `${key}=${JSON.stringify(value)}`;
}

function gridRunsOf<Stages extends StageTable>(
  what: string,
  whole: Dictionary,
  { name, grid }: { readonly name: string; readonly grid: Grid },
  overrides: readonly string[],
  rules: FileRules<Stages>,
): Omit<GridRuns<Stages>, "config"> {
  const members = new Map([...whole.members].filter(([key]) => key !== name));
  const single: Dictionary = { ...whole, members };
  const all = Object.keys(grid);
  const varying = all.filter((key) => grid[key].length > 1);
  const keys = varying.length > 0 ? varying : all;
  const doubly = overrides.filter((text) => all.includes(text.split("=")[0]));
  if (doubly.length > 0) throw new ConfigError(what, doubly.map(setTwice));
  const count = all.reduce((product, key) => product * grid[key].length, 1);
  if (count > MOST) {
    const message = `expected at most ${MOST} combinations: received ${count}`;
    throw new ConfigError(what, [{ path: [], message }]);
  }
  const configOf = (settings: readonly Setting[]) => {
    let tree: Tree = single;
    const problems: Problem[] = [];
    for (const setting of settings) {
      const place = placeOf(whole, [name, setting.key]);
      const changed = override(tree, [settingText(setting)], rules.stages, place);
      tree = changed.tree;
      for (const problem of changed.problems) problems.push(problem);
    }
    return checkFile(what, tree, rules, problems);
  };
  const found = new Map<string, Found>();
  const runs = combinations(grid).flatMap((settings): readonly GridRun<Stages>[] => {
    try {
      const distinct = settings.filter(({ key }) => keys.includes(key));
      return [{ settings: distinct, config: configOf(settings) }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) note(found, settings, problem);
      return [];
    }
  });
  if (found.size > 0) {
    throw new ConfigError(what, [...found.values()].map(placed), stageNames(whole));
  }
  return { keys, runs };
}

function setTwice(text: string): Problem {
  return {
    path: [],
    place: { source: `--set ${text}` },
    message: "expected a key that is not in the grid",
  };
}

interface Found {
  readonly problem: Problem;
  readonly settings: readonly Setting[];
  readonly count: number;
}

/** Removes duplicate problems: an invalid value occurs in many combinations. */
function note(found: Map<string, Found>, settings: readonly Setting[], problem: Problem): void {
  const text = JSON.stringify([problem.path, problem.message]);
  const { count } = found.get(text) ?? { count: 0 };
  found.set(text, { settings, problem, ...found.get(text), count: count + 1 });
}

/** Replaces the line of a problem, which is that of the grid, by the combination. */
function placed({ problem, settings, count }: Found): Problem {
  const more = count === 1 ? "" : `, and ${count - 1} more`;
  return { ...problem, place: { source: `with ${settings.map(settingText).join(" ")}${more}` } };
}
