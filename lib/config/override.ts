/**
 * Changes to a config from the command line: `--set path=value`.
 *
 * A path begins with a key of the config (`seed`) or the name of a stage (`train.epochs`); the long form
 * `pipeline[3].epochs` is equivalent. A value is parsed as JSON, or taken as a string if it is not JSON.
 * Setting the `name` of an entry to another one drops the options of the old entry.
 *
 * @module
 */
import { formatPath, type Problem, quoteList, quoteText } from "./messages/problem.ts";
import { renameFormerPath } from "./former_names.ts";
import { didYouMean, nearest } from "./messages/suggest.ts";
import { fieldsAndChecks } from "./registry.ts";
import { CONFIG_KEYS, type StageTable } from "./schema.ts";
import { DEEPEST, parseText } from "./text.ts";
import {
  type Dictionary,
  type Path,
  type SourceLocation,
  stageNames,
  stringMember,
  type Tree,
  withMember,
} from "./tree.ts";

/**
 * The tree of a config to which overrides were applied, and the problems of those that could not be
 * applied.
 */
interface OverrideResult {
  readonly tree: Tree;
  /** Problems of the overrides that could not be applied. */
  readonly problems: readonly Problem[];
}

/**
 * Applies overrides `path=value` to the tree of a config, in order. An override that cannot be applied
 * becomes a problem.
 *
 * @param location source location of the new values. Defaults to the argument `--set path=value`
 * @param stages available stages, whose options are suggested for misspelt paths
 */
export function applyOverrides(
  tree: Tree,
  overrides: readonly string[],
  stages: StageTable,
  location?: SourceLocation,
): OverrideResult {
  const problems: Problem[] = [];
  for (const text of overrides) {
    const origin = location ?? { source: `--set ${text}` };
    const result = applyOverride(tree, text, stages, origin);
    if (typeof result === "string") {
      problems.push({ path: [], message: result, location: origin });
    } else if ("kind" in result) tree = result;
    else for (const problem of result.problems) problems.push(problem);
  }
  return { tree, problems };
}

/**
 * Applies one override `path=value`. Returns the changed tree. If the override cannot be applied, returns
 * an error message or, if the parser rejects its value, the problems of the value.
 */
function applyOverride(
  tree: Tree,
  assignment: string,
  stages: StageTable,
  location: SourceLocation,
): Tree | string | { readonly problems: readonly Problem[] } {
  const equals = assignment.indexOf("=");
  const written = equals < 0
    ? undefined
    : parseOptionPath(renameFormerPath(assignment.slice(0, equals)));
  if (written === undefined) {
    return `expected PATH=VALUE, for example train.epochs=3: received ${quoteText(assignment)}`;
  }
  const path = resolveStageName(tree, written, stages);
  if (typeof path === "string") return path;
  const value = parseOverrideValue(assignment.slice(equals + 1), location);
  if (!("kind" in value)) return value;
  const textOf = (path: Path) => formatPath(restoreStageName(path, written));
  return replacePart(tree, path, value, { location, textOf }, []);
}

/**
 * Splits an option path such as `train.layers[0].units` into keys and indices. Returns undefined if the
 * text is not a path, or has more steps than a config may have levels.
 */
function parseOptionPath(path: string): Path | undefined {
  if (!/^[^.[\]\s]+(\.[^.[\]\s]+|\[\d{1,9}\])*$/.test(path)) return undefined;
  const steps = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? key : Number(index)
  );
  return steps.length > DEEPEST ? undefined : steps;
}

/**
 * Parses the value of an override as JSON. A text that is not JSON is a string. Returns the problems of
 * JSON that a config must not contain, such as a repeated key.
 */
function parseOverrideValue(
  text: string,
  location: SourceLocation,
): Tree | { readonly problems: readonly Problem[] } {
  try {
    JSON.parse(text);
  } catch {
    return { kind: "scalar", location, value: text };
  }
  const { tree, problems } = parseText(location.source, text);
  if (tree === undefined) {
    return { problems: problems.map((problem) => ({ ...problem, location })) };
  }
  return withLocation(tree, location);
}

/** Returns a tree in which every part has the same source location. */
function withLocation(tree: Tree, location: SourceLocation): Tree {
  if (tree.kind === "scalar") return { ...tree, location };
  if (tree.kind === "list") {
    return { ...tree, location, items: tree.items.map((item) => withLocation(item, location)) };
  }
  const members = [...tree.members].map(([key, { value }]) =>
    [key, { location, value: withLocation(value, location) }] as const
  );
  return { ...tree, location, members: new Map(members) };
}

/**
 * Replaces the name of a stage at the start of an option path by `pipeline` and the index of the stage. A
 * path that begins with a key of the config is returned unchanged. Returns an error message if the path
 * begins with neither.
 */
function resolveStageName(tree: Tree, optionPath: Path, stages: StageTable): Path | string {
  const [first, ...rest] = optionPath as readonly [string, ...Path];
  if (CONFIG_KEYS.includes(first)) return optionPath;
  const order = stageNames(tree);
  const index = order.indexOf(first);
  if (index >= 0) return ["pipeline", index, ...rest];
  const names = order.filter((name) => name !== undefined);
  const known = [...names, ...CONFIG_KEYS];
  return `expected a path that begins with one of ${quoteList(known)}: received ${
    quoteText(first)
  }` +
    (didYouMean(first, known) || suggestStageOption(first, names, stages));
}

/**
 * Replaces `pipeline` and an index at the start of a path by the name of the stage, if the option path that
 * the user wrote begins with a name of a stage. `first` is the first key of that option path.
 */
function restoreStageName(path: Path, [first]: Path): Path {
  return path[0] === "pipeline" && first !== "pipeline" ? [first, ...path.slice(2)] : path;
}

/**
 * Returns the text `: did you mean "train.epochs"?` for a word similar to an option of one of the stages
 * `pipelineStages`, such as "epochs". Returns an empty text if it is similar to none.
 */
function suggestStageOption(
  word: string,
  pipelineStages: readonly string[],
  stages: StageTable,
): string {
  const options = pipelineStages.filter((name) => Object.hasOwn(stages, name)).flatMap((stage) => {
    const { shape } = fieldsAndChecks(stages[stage].options, stage);
    return Object.keys(shape).map((option) => ({ stage, option }));
  });
  const near = nearest(word, options.map(({ option }) => option));
  const found = options.find(({ option }) => option === near);
  return found === undefined ? "" : `: did you mean "${found.stage}.${found.option}"?`;
}

/**
 * Context of a replacement: the source location of the new value, and a function that formats paths for
 * error messages.
 */
interface Assignment {
  readonly location: SourceLocation;
  textOf(path: Path): string;
}

/**
 * Returns a tree in which the part at a path is replaced by a value. Missing keys are added, and another
 * `name` removes the other keys of its object. Returns an error message if a list lacks the index, or if
 * the path leads into a value that has no parts.
 *
 * @param parentPath path of `tree` in the config
 */
function replacePart(
  tree: Tree,
  path: Path,
  value: Tree,
  assignment: Assignment,
  parentPath: Path,
): Tree | string {
  const { location, textOf } = assignment;
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const here = [...parentPath, step];
  if (typeof step === "number") {
    const old = tree.kind === "list" ? tree.items[step] : undefined;
    if (tree.kind !== "list" || old === undefined) {
      const found = tree.kind === "list" ? `a list of ${tree.items.length}` : describePart(tree);
      return `expected a list with an item ${step} at ${textOf(parentPath)}: received ${found}`;
    }
    const item = replacePart(old, rest, value, assignment, here);
    return typeof item === "string" ? item : { ...tree, items: tree.items.with(step, item) };
  }
  if (tree.kind === "list" && /^\d+$/.test(step)) {
    const path = textOf([...parentPath, Number(step), ...rest]);
    return `expected an index in brackets: received ".${step}": did you mean "${path}"?`;
  }
  if (tree.kind !== "dictionary") {
    return `expected an object at ${textOf(parentPath)}: received ${describePart(tree)}`;
  }
  const empty: Dictionary = { kind: "dictionary", location, members: new Map() };
  const old = tree.members.get(step)?.value;
  if (old === undefined && typeof rest[0] === "number") {
    const near = didYouMean(step, tree.members.keys());
    return `expected a list at ${textOf(here)}: received nothing${near}`;
  }
  const part = replacePart(old ?? empty, rest, value, assignment, here);
  if (typeof part === "string") return part;
  // paths of three or more steps are within a stage's options; only there a name determines other keys
  const renamed = step === "name" && parentPath.length > 2 &&
    stringMember(tree, "name") !== (part.kind === "scalar" ? part.value : undefined);
  return withMember(renamed ? empty : tree, step, { location, value: part });
}

/** Describes a part of a config for a message: `a list`, `an object`, or the value itself. */
function describePart(tree: Tree): string {
  if (tree.kind === "scalar") return JSON.stringify(tree.value);
  return tree.kind === "list" ? "a list" : "an object";
}
