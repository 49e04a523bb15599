/**
 * Reads and checks configs: a text or value becomes a {@link Config} with every default filled in, or an error
 * that lists every problem.
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

/** A check that spans several parts of a config whose parts are valid; returns its problems. */
type ConfigCheck<Stages extends StageTable> = (config: Config<Stages>) => readonly Problem[];

export interface Rules<Stages extends StageTable> {
  readonly stages: Stages;
  readonly checks?: readonly ConfigCheck<Stages>[];
}

/** Rules for config files: stages, checks, and functions that read files. */
export interface FileRules<Stages extends StageTable> extends Rules<Stages> {
  /** Returns the text of a file. */
  readonly readText: (path: string) => string;
  /** Resolves the paths of data in a merged config, which are relative to their files. */
  readonly locate?: (tree: Tree) => Tree;
}

/** Largest number of files in a chain of `extends`. */
const LONGEST_CHAIN = 16;

/**
 * Reads a config file and those that it extends, applies overrides and checks the result.
 *
 * @param file path of the config, for messages
 * @param overrides `path=value` each, as in `--set`
 * @param rules stages, checks, and a function that reads a file; an error of that function becomes a problem
 *   of the config and the cause of the error
 * @throws {ConfigError} if the config is invalid, with all problems
 */
export function readConfig<Stages extends StageTable>(
  file: string,
  overrides: readonly string[],
  rules: FileRules<Stages>,
): Config<Stages> {
  const merged = readChain(file, rules.readText);
  const { tree, problems } = applyOverrides(merged, overrides, rules.stages);
  return validateFileConfig(`config ${quoteText(file)}`, tree, rules, problems);
}

/**
 * Validates a config that is already parsed, such as one in a run folder, and returns it with defaults.
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

function withoutLocation({ path, message }: Problem): Problem {
  return { path, message };
}

/** Rejects values that JSON would turn into null or omit, which would hide a mistake. */
function rejectNonJson(key: string, value: unknown): unknown {
  const lost = typeof value === "number" && !Number.isFinite(value) ||
    typeof value === "function" || typeof value === "symbol" || typeof value === "bigint";
  if (!lost) return value;
  const message = `expected a value of JSON: received ${String(value)}`;
  throw new ConfigError("config", [{ path: [key], message }]);
}

/** Reads a file and merges it into the files that it extends. */
export function readChain(file: string, readText: (path: string) => string): Dictionary {
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

function parseConfigFile(path: string, file: string, read: () => string): Dictionary {
  const { tree, problems } = parseText(path, read());
  if (tree === undefined) throw new ConfigError(`config ${quoteText(file)}`, problems);
  const present = renameFormerKeys(tree);
  if (present.kind === "dictionary") return present;
  const message = 'expected an object: { "name": …, "seed": …, "pipeline": [ … ] }';
  throw new ConfigError(`config ${quoteText(file)}`, [{
    path: [],
    message,
    location: tree.location,
  }]);
}

/** Returns the path of the file that a config extends; other types are rejected by the schema. */
function extendedPath(tree: Dictionary, path: string): string | undefined {
  const target = stringMember(tree, "extends");
  if (target === undefined || target === "" || isAbsolute(target)) return target || undefined;
  return join(dirname(path), target);
}

/** Returns the config of a tree that was read from files, or throws its problems. */
export function validateFileConfig<Stages extends StageTable>(
  source: string,
  tree: Tree,
  { locate = (tree) => tree, ...rules }: FileRules<Stages>,
  problems: readonly Problem[],
): Config<Stages> {
  return validateConfig(source, locate(tree), rules, problems);
}

/** Returns the config of a tree, or throws its problems; `problems` are known already. */
function validateConfig<Stages extends StageTable>(
  source: string,
  tree: Tree,
  { stages, checks = [] }: Rules<Stages>,
  problems: readonly Problem[],
  finish: (problem: Problem) => Problem = (problem) => problem,
): Config<Stages> {
  const schema = configSchema(stages);
  const parsed = schema.safeParse(plainValue(tree));
  const names = stageNames(tree);
  const located = (found: readonly Problem[]): readonly Problem[] =>
    found.map((problem) => finish({ location: findLocation(tree, problem.path), ...problem }));
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

/** Sorts problems by file, in the order of occurrence, and by line; those of arguments keep their order. */
function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const sources = [...new Set(problems.map(({ location }) => location?.source))];
  const rank = ({ location }: Problem) => sources.indexOf(location?.source);
  return problems.toSorted((a, b) =>
    rank(a) - rank(b) || (a.location?.line ?? 0) - (b.location?.line ?? 0)
  );
}
