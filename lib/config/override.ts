/**
 * Applies `--set path=value`: changes to a config from the command line.
 *
 * A path begins with a key of the config (`seed`) or the name of a stage (`train.epochs`); the long form
 * `pipeline[3].epochs` is equivalent. A value is parsed as JSON, or taken as a string if it is not JSON. Setting
 * the `name` of an entry to another one drops the options of the old entry.
 *
 * @module
 */
import { list, pathText, type Problem, quote } from "./messages/problem.ts";
import { presentPath } from "./former_names.ts";
import { didYouMean, nearest } from "./messages/suggest.ts";
import { strictObject } from "./registry.ts";
import { CONFIG_KEYS, type StageTable } from "./schema.ts";
import { DEEPEST, parseText } from "./text.ts";
import {
  type Dictionary,
  type Path,
  type Place,
  stageNames,
  stringAt,
  type Tree,
  withMember,
} from "./tree.ts";

interface Overridden {
  readonly tree: Tree;
  /** One for each override that could not be applied. */
  readonly problems: readonly Problem[];
}

/**
 * Applies overrides to a tree from left to right; an override that cannot be applied is a problem.
 *
 * @param at place of the values. Defaults to the command line
 */
export function override(
  tree: Tree,
  overrides: readonly string[],
  stages: StageTable,
  at?: Place,
): Overridden {
  const problems: Problem[] = [];
  for (const text of overrides) {
    const place = at ?? { source: `--set ${text}` };
    const result = overrideOne(tree, text, stages, place);
    if (typeof result === "string") problems.push({ path: [], message: result, place });
    else if ("kind" in result) tree = result;
    else for (const problem of result.problems) problems.push(problem);
  }
  return { tree, problems };
}

function overrideOne(
  tree: Tree,
  text: string,
  stages: StageTable,
  place: Place,
): Tree | string | { readonly problems: readonly Problem[] } {
  const equals = text.indexOf("=");
  const written = equals < 0 ? undefined : parseOptionPath(presentPath(text.slice(0, equals)));
  if (written === undefined) {
    return `expected PATH=VALUE, for example train.epochs=3: received ${quote(text)}`;
  }
  const path = resolve(tree, written, stages);
  if (typeof path === "string") return path;
  const value = parseValue(text.slice(equals + 1), place);
  if (!("kind" in value)) return value;
  const textOf = (path: Path) => pathText(asWritten(path, written));
  return set(tree, path, value, { place, textOf }, []);
}

/** Splits `train.layers[0].units` into steps; undefined if it is not a path. */
function parseOptionPath(text: string): Path | undefined {
  if (!/^[^.[\]\s]+(\.[^.[\]\s]+|\[\d{1,9}\])*$/.test(text)) return undefined;
  const steps = [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? key : Number(index)
  );
  return steps.length > DEEPEST ? undefined : steps;
}

/** Parses a value as JSON, or takes it as a string; its place is the argument. */
function parseValue(text: string, place: Place): Tree | { readonly problems: readonly Problem[] } {
  try {
    JSON.parse(text);
  } catch {
    return { kind: "scalar", place, value: text };
  }
  const { tree, problems } = parseText(place.source, text);
  if (tree === undefined) return { problems: problems.map((problem) => ({ ...problem, place })) };
  return moved(tree, place);
}

/** Sets all places of a tree to the same one. */
function moved(tree: Tree, place: Place): Tree {
  if (tree.kind === "scalar") return { ...tree, place };
  if (tree.kind === "list") {
    return { ...tree, place, items: tree.items.map((item) => moved(item, place)) };
  }
  const members = [...tree.members].map(([key, { value }]) =>
    [key, { place, value: moved(value, place) }] as const
  );
  return { ...tree, place, members: new Map(members) };
}

/** Resolves a path that may begin with the name of a stage; returns a message if it is invalid. */
function resolve(tree: Tree, written: Path, stages: StageTable): Path | string {
  const [first, ...rest] = written as readonly [string, ...Path];
  if (CONFIG_KEYS.includes(first)) return written;
  const order = stageNames(tree);
  const index = order.indexOf(first);
  if (index >= 0) return ["pipeline", index, ...rest];
  const names = order.filter((name) => name !== undefined);
  const known = [...names, ...CONFIG_KEYS];
  return `expected a path that begins with one of ${list(known)}: received ${quote(first)}` +
    (didYouMean(first, known) || stageMeant(first, names, stages));
}

/** Returns a part of a path in its original form, beginning with the name of its stage if it did. */
function asWritten(path: Path, [first]: Path): Path {
  return path[0] === "pipeline" && first !== "pipeline" ? [first, ...path.slice(2)] : path;
}

/** Returns `: did you mean "train.epochs"?` for "epochs", the option of a stage; empty for others. */
function stageMeant(word: string, names: readonly string[], stages: StageTable): string {
  const options = names.filter((name) => Object.hasOwn(stages, name)).flatMap((stage) => {
    const { shape } = strictObject(stages[stage].options, stage);
    return Object.keys(shape).map((option) => ({ stage, option }));
  });
  const near = nearest(word, options.map(({ option }) => option));
  const found = options.find(({ option }) => option === near);
  return found === undefined ? "" : `: did you mean "${found.stage}.${found.option}"?`;
}

/** The place of a value, and a function that formats paths for messages. */
interface Assignment {
  readonly place: Place;
  textOf(path: Path): string;
}

/** Replaces the part at a path of a tree; returns a message if there is no such path. */
function set(
  tree: Tree,
  path: Path,
  value: Tree,
  assignment: Assignment,
  above: Path,
): Tree | string {
  const { place, textOf } = assignment;
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const here = [...above, step];
  if (typeof step === "number") {
    const old = tree.kind === "list" ? tree.items[step] : undefined;
    if (tree.kind !== "list" || old === undefined) {
      const found = tree.kind === "list" ? `a list of ${tree.items.length}` : kindText(tree);
      return `expected a list with an item ${step} at ${textOf(above)}: received ${found}`;
    }
    const item = set(old, rest, value, assignment, here);
    return typeof item === "string" ? item : { ...tree, items: tree.items.with(step, item) };
  }
  if (tree.kind === "list" && /^\d+$/.test(step)) {
    const path = textOf([...above, Number(step), ...rest]);
    return `expected an index in brackets: received ".${step}": did you mean "${path}"?`;
  }
  if (tree.kind !== "dictionary") {
    return `expected an object at ${textOf(above)}: received ${kindText(tree)}`;
  }
  const empty: Dictionary = { kind: "dictionary", place, members: new Map() };
  const old = tree.members.get(step)?.value;
  if (old === undefined && typeof rest[0] === "number") {
    const near = didYouMean(step, tree.members.keys());
    return `expected a list at ${textOf(here)}: received nothing${near}`;
  }
  const part = set(old ?? empty, rest, value, assignment, here);
  if (typeof part === "string") return part;
  // paths of three or more steps are within a stage's options; only there a name determines other keys
  const renamed = step === "name" && above.length > 2 &&
    stringAt(tree, "name") !== (part.kind === "scalar" ? part.value : undefined);
  return withMember(renamed ? empty : tree, step, { place, value: part });
}

function kindText(tree: Tree): string {
  if (tree.kind === "scalar") return JSON.stringify(tree.value);
  return tree.kind === "list" ? "a list" : "an object";
}
