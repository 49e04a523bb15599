/**
 * Reads and checks configs: a text or value becomes a {@link Config} with every default filled in, or an error
 * that lists every problem.
 *
 * @module
 */
import { dirname, isAbsolute, join, normalize } from "@std/path";
import { jsonSchema } from "./schemas/json_schema.ts";
import { mergeConfigs } from "./merge.ts";
import { orderProblems } from "./order.ts";
import { override } from "./override.ts";
import { ConfigError, type Problem, quote } from "./messages/problem.ts";
import { type Config, configSchema, type StageTable } from "./schema.ts";
import { parseText } from "./text.ts";
import { type Dictionary, placeOf, plain, stageNames, stringAt, type Tree } from "./tree.ts";
import { wordIssues } from "./messages/words.ts";
import { defined } from "./defined.ts";
import { withPresentNames } from "./former_names.ts";

/** A check that spans several parts of a config whose parts are valid; returns its problems. */
type Check<Stages extends StageTable> = (config: Config<Stages>) => readonly Problem[];

export interface Rules<Stages extends StageTable> {
  readonly stages: Stages;
  readonly checks?: readonly Check<Stages>[];
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
  const { tree, problems } = override(merged, overrides, rules.stages);
  return checkFile(`config ${quote(file)}`, tree, rules, problems);
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
  const text = JSON.stringify(value, refuseNonJson) ?? "";
  const { tree, problems } = parseText("config", text);
  if (tree === undefined) throw new ConfigError("config", problems.map(withoutPlace));
  if (stringAt(tree, "extends") !== undefined) {
    const message = "expected no extends, since there is no file to which its path is relative";
    throw new ConfigError("config", [{ path: ["extends"], message }]);
  }
  return check("config", withPresentNames(tree), rules, [], withoutPlace);
}

function withoutPlace({ path, message }: Problem): Problem {
  return { path, message };
}

/** Rejects values that JSON would turn into null or omit, which would hide a mistake. */
function refuseNonJson(key: string, value: unknown): unknown {
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
    throw new ConfigError(`config ${quote(file)}`, [problem], [], { cause });
  };
  let extending: Problem = { path: [], message: "" };
  let next: string | undefined = file;
  while (next !== undefined) {
    const path: string = next;
    if (paths.includes(normalize(path)) || paths.length === LONGEST_CHAIN) {
      const found = paths.length === LONGEST_CHAIN ? "a longer one" : `${quote(path)} again`;
      const expected = `a chain of at most ${LONGEST_CHAIN} files that ends`;
      refuse({ ...extending, message: `expected ${expected}: received ${found}` });
    }
    paths.push(normalize(path));
    const tree = parseFile(path, file, () => {
      try {
        return readText(path);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const received = path === file ? "" : ` received ${quote(path)}:`;
        const message = `expected a file that can be read:${received} ${reason}`;
        return refuse({ ...extending, message }, cause);
      }
    });
    chain.unshift(tree);
    next = extended(tree, path);
    extending = { path: ["extends"], message: "", place: placeOf(tree, ["extends"]) };
  }
  return chain.reduce(mergeConfigs);
}

function parseFile(path: string, file: string, read: () => string): Dictionary {
  const { tree, problems } = parseText(path, read());
  if (tree === undefined) throw new ConfigError(`config ${quote(file)}`, problems);
  const present = withPresentNames(tree);
  if (present.kind === "dictionary") return present;
  const message = 'expected an object: { "name": …, "seed": …, "pipeline": [ … ] }';
  throw new ConfigError(`config ${quote(file)}`, [{ path: [], message, place: tree.place }]);
}

/** Returns the path of the file that a config extends; other types are rejected by the schema. */
function extended(tree: Dictionary, path: string): string | undefined {
  const target = stringAt(tree, "extends");
  if (target === undefined || target === "" || isAbsolute(target)) return target || undefined;
  return join(dirname(path), target);
}

/** Returns the config of a tree that was read from files, or throws its problems. */
export function checkFile<Stages extends StageTable>(
  what: string,
  tree: Tree,
  { locate = (tree) => tree, ...rules }: FileRules<Stages>,
  problems: readonly Problem[],
): Config<Stages> {
  return check(what, locate(tree), rules, problems);
}

/** Returns the config of a tree, or throws its problems; `problems` are known already. */
function check<Stages extends StageTable>(
  what: string,
  tree: Tree,
  { stages, checks = [] }: Rules<Stages>,
  problems: readonly Problem[],
  finish: (problem: Problem) => Problem = (problem) => problem,
): Config<Stages> {
  const schema = configSchema(stages);
  const parsed = schema.safeParse(plain(tree));
  const names = stageNames(tree);
  const placed = (found: readonly Problem[]): readonly Problem[] =>
    found.map((problem) => finish({ place: placeOf(tree, problem.path), ...problem }));
  const found = [
    ...problems,
    ...placed(orderProblems(names, stages)),
    ...(parsed.success ? [] : placed(wordIssues(parsed.error.issues, jsonSchema(schema), tree))),
  ];
  if (!parsed.success || found.length > 0) throw new ConfigError(what, inOrder(found), names);
  const { name, description, seed, pipeline, sweep, ensemble } = parsed.data;
  const config: Config<Stages> = {
    name,
    ...defined({ description }),
    seed,
    pipeline,
    ...defined({ sweep, ensemble }),
  };
  const broken = placed(checks.flatMap((rule) => rule(config)));
  if (broken.length > 0) throw new ConfigError(what, inOrder(broken), names);
  return config;
}

/** Sorts problems by file, in the order of occurrence, and by line; those of arguments keep their order. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const sources = [...new Set(problems.map(({ place }) => place?.source))];
  const rank = ({ place }: Problem) => sources.indexOf(place?.source);
  return problems.toSorted((a, b) =>
    rank(a) - rank(b) || (a.place?.line ?? 0) - (b.place?.line ?? 0)
  );
}
