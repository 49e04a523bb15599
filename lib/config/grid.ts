/**
 * Expands the grids of settings in `"sweep"` and `"ensemble"` into all combinations.
 *
 *     { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }     2 × 3 combinations
 *
 * @module
 */
import { ConfigError, type Problem, quoteText } from "./messages/problem.ts";
import { applyOverrides } from "./override.ts";
import { type FileRules, readMergedConfig, validateFileConfig } from "./read.ts";
import type { Config, Grid, StageTable } from "./schema.ts";
import { type Dictionary, findLocation, stageNames, type Tree } from "./tree.ts";

/** An option of a config with a value for it. */
export interface Setting {
  /** Path of the option as in `--set`, for example `train.epochs`. */
  readonly key: string;
  /** Value of the option, any JSON value. */
  readonly value: unknown;
}

/** One combination of a grid's values. */
export interface GridRun<Stages extends StageTable> {
  /**
   * Values of the options in {@linkcode GridRuns.keys}, in this order. Options that have one value in all
   * combinations are left out.
   */
  readonly settings: readonly Setting[];
  /** The validated config, with all values of the combination set and without the grid. */
  readonly config: Config<Stages>;
}

/** A config that has a grid, and the configs of all combinations of the grid's values. */
export interface GridRuns<Stages extends StageTable> {
  /** The validated config, which still has the grid. */
  readonly config: Config<Stages>;
  /**
   * Paths of the options to which the grid gives more than one value, or of all its options if there is
   * none.
   */
  readonly keys: readonly string[];
  /** The combinations. Values of the last key vary fastest. */
  readonly runs: readonly GridRun<Stages>[];
}

/** Largest number of combinations of a grid that is accepted. A grid with more is probably a mistake. */
const MOST_COMBINATIONS = 10_000;

/**
 * Reads a config that has a grid, and validates the config of every combination of the grid's values.
 *
 * @param file path of the config
 * @param overrides assignments `path=value` that apply to all combinations
 * @param gridKey key of the grid in the config
 * @param rules available stages, checks, and functions that read files, as for `readConfig`
 * @throws {ConfigError} if the config has no such grid, an override sets an option of the grid, there are
 *     more than 10,000 combinations, or the config or a combination is invalid. The error lists all
 *     problems
 */
export function readGrid<Stages extends StageTable>(
  file: string,
  overrides: readonly string[],
  gridKey: "sweep" | "ensemble",
  rules: FileRules<Stages>,
): GridRuns<Stages> {
  const merged = readMergedConfig(file, rules.readText);
  const { tree, problems } = applyOverrides(merged, overrides, rules.stages);
  const source = `config ${quoteText(file)}`;
  const config = validateFileConfig(source, tree, rules, problems);
  const grid = config[gridKey];
  if (grid === undefined) {
    throw new ConfigError(source, [{ path: [], message: missingGridMessage(gridKey) }]);
  }
  const whole = tree as Dictionary; // a checked config is an object
  return { config, ...expandGrid(source, whole, { name: gridKey, grid }, overrides, rules) };
}

/** Returns the message of the problem that a config has no grid under the key `gridKey`. */
function missingGridMessage(gridKey: string): string {
  return `expected a key "${gridKey}" that says what varies, for example ` +
    `"${gridKey}": { "seed": [1, 2, 3] }: received none`;
}

/** Returns all combinations of a grid's values. Values of the last key vary fastest. */
export function combinations(grid: Grid): readonly (readonly Setting[])[] {
  return Object.entries(grid).reduce<readonly (readonly Setting[])[]>(
    (all, [key, values]) =>
      all.flatMap((settings) => values.map((value) => [...settings, { key, value }])),
    [[]],
  );
}

/** Formats a setting as an argument of `--set`: `train.epochs=3`. */
export function formatSetting({ key, value }: Setting): string {
  return `${key}=${JSON.stringify(value)}`;
}

/**
 * Builds and validates the config of each combination of a grid's values. Throws a ConfigError with all
 * problems, each distinct problem once.
 *
 * @param source name of the config in error messages
 * @param configTree tree of the config, with the grid under the key `name` and the overrides applied
 * @param overrides assignments `path=value`. None may set an option of the grid
 */
function expandGrid<Stages extends StageTable>(
  source: string,
  configTree: Dictionary,
  { name, grid }: { readonly name: string; readonly grid: Grid },
  overrides: readonly string[],
  rules: FileRules<Stages>,
): Omit<GridRuns<Stages>, "config"> {
  const members = new Map([...configTree.members].filter(([key]) => key !== name));
  const single: Dictionary = { ...configTree, members };
  const all = Object.keys(grid);
  const varying = all.filter((key) => grid[key].length > 1);
  const keys = varying.length > 0 ? varying : all;
  const doubly = overrides.filter((text) => all.includes(text.split("=")[0]));
  if (doubly.length > 0) throw new ConfigError(source, doubly.map(gridKeyOverrideProblem));
  const count = all.reduce((product, key) => product * grid[key].length, 1);
  if (count > MOST_COMBINATIONS) {
    const message = `expected at most ${MOST_COMBINATIONS} combinations: received ${count}`;
    throw new ConfigError(source, [{ path: [], message }]);
  }
  const configOf = (settings: readonly Setting[]) => {
    let tree: Tree = single;
    const problems: Problem[] = [];
    for (const setting of settings) {
      const location = findLocation(configTree, [name, setting.key]);
      const changed = applyOverrides(tree, [formatSetting(setting)], rules.stages, location);
      tree = changed.tree;
      for (const problem of changed.problems) problems.push(problem);
    }
    return validateFileConfig(source, tree, rules, problems);
  };
  const found = new Map<string, GridProblem>();
  const runs = combinations(grid).flatMap((settings): readonly GridRun<Stages>[] => {
    try {
      const distinct = settings.filter(({ key }) => keys.includes(key));
      return [{ settings: distinct, config: configOf(settings) }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) recordProblem(found, settings, problem);
      return [];
    }
  });
  if (found.size > 0) {
    throw new ConfigError(
      source,
      [...found.values()].map(withGridLocation),
      stageNames(configTree),
    );
  }
  return { keys, runs };
}

/** Returns the problem of an override `path=value` whose path is already a key of the grid. */
function gridKeyOverrideProblem(override: string): Problem {
  return {
    path: [],
    location: { source: `--set ${override}` },
    message: "expected a key that is not in the grid",
  };
}

/** A problem that one or more combinations have, with the first of these combinations and their number. */
interface GridProblem {
  readonly problem: Problem;
  readonly settings: readonly Setting[];
  readonly count: number;
}

/**
 * Adds a problem of one combination to `problems`. If an earlier combination has the same problem, only its
 * count is increased, since an invalid value occurs in many combinations.
 */
function recordProblem(
  problems: Map<string, GridProblem>,
  settings: readonly Setting[],
  problem: Problem,
): void {
  const text = JSON.stringify([problem.path, problem.message]);
  const { count } = problems.get(text) ?? { count: 0 };
  problems.set(text, { settings, problem, ...problems.get(text), count: count + 1 });
}

/**
 * Returns a problem whose source location consists of the settings of the first combination that has the
 * problem, and the number of further combinations that have it.
 */
function withGridLocation({ problem, settings, count }: GridProblem): Problem {
  const more = count === 1 ? "" : `, and ${count - 1} more`;
  return {
    ...problem,
    location: { source: `with ${settings.map(formatSetting).join(" ")}${more}` },
  };
}
