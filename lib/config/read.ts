/**
 * Reading and validation of configs. A text or value becomes a {@link Config} with every default filled in,
 * or an error that lists all problems.
 *
 * @module
 */
import { dirname, isAbsolute, join, normalize } from "@std/path";
import { jsonSchema } from "./schemas/json_schema.ts";
import { mergeConfigs } from "./merge.ts";
import { findOrderProblems } from "./order.ts";
import { applyOverrides } from "./override.ts";
import { ConfigError, type Problem, quoteText } from "./messages/problem.ts";
import { type Config, configSchema, type StageTable } from "./schema.ts";
import { parseText } from "./text.ts";
import {
  type Dictionary,
  findLocation,
  plainValue,
  stageNames,
  stringMember,
  type Tree,
} from "./tree.ts";
import { describeIssues } from "./messages/words.ts";
import { defined } from "./defined.ts";
import { renameFormerKeys } from "./former_names.ts";

/**
 * A check of a whole config, made only if each part is valid. Returns the problems that concern several
 * parts, or an empty list.
 */
type ConfigCheck<Stages extends StageTable> = (config: Config<Stages>) => readonly Problem[];

/** Rules for configs: the available stages, and checks of the whole config. */
export interface Rules<Stages extends StageTable> {
  readonly stages: Stages;
  readonly checks?: readonly ConfigCheck<Stages>[];
}

/**
 * Rules for config files: the available stages, checks, and functions that read files and resolve paths.
 */
export interface FileRules<Stages extends StageTable> extends Rules<Stages> {
  /** Returns the text of the file at a path, or throws an error if it cannot be read. */
  readonly readText: (path: string) => string;
  /**
   * Returns a merged config with the paths of data resolved, each from the folder of the config file that
   * contains it. By default, paths are unchanged.
   */
  readonly resolvePaths?: (tree: Tree) => Tree;
}

/** Largest number of config files in a chain in which each extends the next. */
const LONGEST_CHAIN = 16;

/**
 * Reads a config file and the files that it extends, applies overrides, and validates the result.
 *
 * @param file path of the config file
 * @param overrides assignments `path=value`, as in `--set`
 * @param rules available stages, checks, and a function that reads a file. If the function throws, the
 *     error becomes a problem of the config
 * @throws {ConfigError} if the config is invalid, with all problems
 */
export function readConfig<Stages extends StageTable>(
  file: string,
  overrides: readonly string[],
  rules: FileRules<Stages>,
): Config<Stages> {
  const merged = readMergedConfig(file, rules.readText);
  const { tree, problems } = applyOverrides(merged, overrides, rules.stages);
  return validateFileConfig(`config ${quoteText(file)}`, tree, rules, problems);
}

/**
 * Validates a config that is already parsed from JSON, and returns it with all defaults.
 *
 * @throws {ConfigError} if the config is invalid, with all problems
 */
export function parseConfig<Stages extends StageTable>(
  value: unknown,
  rules: Rules<Stages>,
): Config<Stages> {
  const text = JSON.stringify(value, rejectNonJson) ?? "";
  const { tree, problems } = parseText("config", text);
  if (tree === undefined) throw new ConfigError("config", problems.map(withoutLocation));
  if (stringMember(tree, "extends") !== undefined) {
    const message = "expected no extends, since there is no file to which its path is relative";
    throw new ConfigError("config", [{ path: ["extends"], message }]);
  }
  return validateConfig("config", renameFormerKeys(tree), rules, [], withoutLocation);
}

/** Returns a problem without its source location, for a config that comes from no file. */
function withoutLocation({ path, message }: Problem): Problem {
  return { path, message };
}

/**
 * Replacer for `JSON.stringify` that returns a value unchanged, or throws a ConfigError if it is a number,
 * function, symbol or bigint that JSON cannot hold, since JSON would hide the mistake. `undefined` is
 * accepted: an option with this value counts as absent.
 */
function rejectNonJson(key: string, value: unknown): unknown {
  const lost = typeof value === "number" && !Number.isFinite(value) ||
    typeof value === "function" || typeof value === "symbol" || typeof value === "bigint";
  if (!lost) return value;
  const message = `expected a value of JSON: received ${String(value)}`;
  throw new ConfigError("config", [{ path: [key], message }]);
}

/**
 * Reads a config file and the files that it extends, and returns them merged into one tree.
 *
 * @param readText returns the text of the file at a path
 * @throws {ConfigError} if a file cannot be read or is not a JSON object, or if the chain of files has a
 *     cycle or is too long
 */
export function readMergedConfig(file: string, readText: (path: string) => string): Dictionary {
  const chain: Dictionary[] = [];
  const paths: string[] = [];
  const refuse = (problem: Problem, cause?: unknown): never => {
    throw new ConfigError(`config ${quoteText(file)}`, [problem], [], { cause });
  };
  let extending: Problem = { path: [], message: "" };
  let next: string | undefined = file;
  while (next !== undefined) {
    const path: string = next;
    if (paths.includes(normalize(path)) || paths.length === LONGEST_CHAIN) {
      const found = paths.length === LONGEST_CHAIN ? "a longer one" : `${quoteText(path)} again`;
      const expected = `a chain of at most ${LONGEST_CHAIN} files that ends`;
      refuse({ ...extending, message: `expected ${expected}: received ${found}` });
    }
    paths.push(normalize(path));
    const tree = parseConfigFile(path, file, () => {
      try {
        return readText(path);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const received = path === file ? "" : ` received ${quoteText(path)}:`;
        const message = `expected a file that can be read:${received} ${reason}`;
        return refuse({ ...extending, message }, cause);
      }
    });
    chain.unshift(tree);
    next = extendedPath(tree, path);
    extending = { path: ["extends"], message: "", location: findLocation(tree, ["extends"]) };
  }
  return chain.reduce(mergeConfigs);
}

/**
 * Parses the text of one config file, which `read` returns, as an object with the present names of renamed
 * keys. Throws a ConfigError, whose message names `requestedFile`: the file itself, or the config that
 * extends it.
 */
function parseConfigFile(path: string, requestedFile: string, read: () => string): Dictionary {
  const { tree, problems } = parseText(path, read());
  if (tree === undefined) throw new ConfigError(`config ${quoteText(requestedFile)}`, problems);
  const present = renameFormerKeys(tree);
  if (present.kind === "dictionary") return present;
  const message = 'expected an object: { "name": …, "seed": …, "pipeline": [ … ] }';
  throw new ConfigError(`config ${quoteText(requestedFile)}`, [{
    path: [],
    message,
    location: tree.location,
  }]);
}

/**
 * Returns the path of the file that the config at `path` extends: absolute, or relative to the working
 * folder. Returns undefined if it extends none.
 */
function extendedPath(tree: Dictionary, path: string): string | undefined {
  const target = stringMember(tree, "extends");
  if (target === undefined || target === "" || isAbsolute(target)) return target || undefined;
  return join(dirname(path), target);
}

/**
 * Resolves the paths of data in a config that was read from files, validates the config, and returns it
 * with all defaults. Throws a ConfigError with all problems, including `problems`, which were found before.
 * `source` is the name of the config in the message.
 */
export function validateFileConfig<Stages extends StageTable>(
  source: string,
  tree: Tree,
  { resolvePaths = (tree) => tree, ...rules }: FileRules<Stages>,
  problems: readonly Problem[],
): Config<Stages> {
  return validateConfig(source, resolvePaths(tree), rules, problems);
}

/**
 * Validates the tree of a config and returns the config with all defaults. Throws a ConfigError with all
 * problems, including `problems`, which were found before. `convertProblem` is applied to each problem that
 * this function finds.
 */
function validateConfig<Stages extends StageTable>(
  source: string,
  tree: Tree,
  { stages, checks = [] }: Rules<Stages>,
  problems: readonly Problem[],
  convertProblem: (problem: Problem) => Problem = (problem) => problem,
): Config<Stages> {
  const schema = configSchema(stages);
  const parsed = schema.safeParse(plainValue(tree));
  const names = stageNames(tree);
  const located = (found: readonly Problem[]): readonly Problem[] =>
    found.map((problem) =>
      convertProblem({ location: findLocation(tree, problem.path), ...problem })
    );
  const found = [
    ...problems,
    ...located(findOrderProblems(names, stages)),
    ...(parsed.success
      ? []
      : located(describeIssues(parsed.error.issues, jsonSchema(schema), tree))),
  ];
  if (!parsed.success || found.length > 0) {
    throw new ConfigError(source, sortProblems(found), names);
  }
  const { name, description, seed, pipeline, sweep, ensemble } = parsed.data;
  const config: Config<Stages> = {
    name,
    ...defined({ description }),
    seed,
    pipeline,
    ...defined({ sweep, ensemble }),
  };
  const broken = located(checks.flatMap((rule) => rule(config)));
  if (broken.length > 0) throw new ConfigError(source, sortProblems(broken), names);
  return config;
}

/**
 * Sorts problems by file, in the order in which files first occur, and by line. Problems of command-line
 * arguments keep their order.
 */
function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const sources = [...new Set(problems.map(({ location }) => location?.source))];
  const rank = ({ location }: Problem) => sources.indexOf(location?.source);
  return problems.toSorted((a, b) =>
    rank(a) - rank(b) || (a.location?.line ?? 0) - (b.location?.line ?? 0)
  );
}
