/**
 * Trees of JSON values with source locations: the file and line of each part.
 *
 * Objects are Maps, so that no key of a config, such as `__proto__`, has a special meaning.
 *
 * @module
 */

/** The location of a value in its source: a line of a file, or an argument of the command line. */
export interface SourceLocation {
  /** Path of the file, or the argument, for example `--set train.epochs=3`. */
  readonly source: string;
  /** Number of the line, from 1. Absent for arguments. */
  readonly line?: number;
  /** Number of the column, from 1. Present for syntax errors only. */
  readonly column?: number;
}

/** A JSON value whose parts have source locations. */
export type Tree = Scalar | List | Dictionary;

/** A JSON string, number, boolean or null, with its source location. Numbers are finite and never −0. */
type Scalar = {
  readonly kind: "scalar";
  readonly location: SourceLocation;
  readonly value: string | number | boolean | null;
};

/** A JSON array with source locations. */
export type List = {
  readonly kind: "list";
  readonly location: SourceLocation;
  readonly items: readonly Tree[];
};

/** A JSON object with source locations. */
export type Dictionary = {
  readonly kind: "dictionary";
  readonly location: SourceLocation;
  readonly members: ReadonlyMap<string, Member>;
};

/** A value of a JSON object. The location is that of its key. */
export interface Member {
  readonly location: SourceLocation;
  readonly value: Tree;
}

/** Keys and indices that lead from the root of a tree to a part. */
export type Path = readonly (string | number)[];

/** Returns a tree as a plain JSON value, without source locations. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plainValue);
  // fromEntries defines properties instead of assigning them, so "__proto__" is an ordinary key
  return Object.fromEntries([...tree.members].map(([key, { value }]) => [key, plainValue(value)]));
}

/** Returns a JSON value as a tree in which every part has the same source location. */
export function treeFromValue(value: unknown, location: SourceLocation): Tree {
  if (Array.isArray(value)) {
    return { kind: "list", location, items: value.map((item) => treeFromValue(item, location)) };
  }
  if (typeof value !== "object" || value === null) {
    return { kind: "scalar", location, value: value as Scalar["value"] };
  }
  const members = Object.entries(value)
    .map(([key, member]) => [key, { location, value: treeFromValue(member, location) }] as const);
  return { kind: "dictionary", location, members: new Map(members) };
}

/** Returns the part of a tree at a path, or undefined if there is none. */
export function findPart(tree: Tree, path: Path): Tree | undefined {
  let part: Tree | undefined = tree;
  for (const step of path) part = part === undefined ? undefined : findMember(part, step)?.value;
  return part;
}

/**
 * Returns the source location of the key or item at a path. If the path does not exist, returns the
 * location of the nearest enclosing part.
 */
export function findLocation(tree: Tree, path: Path): SourceLocation {
  let part = tree;
  let location = tree.location;
  for (const step of path) {
    const next = findMember(part, step);
    if (next === undefined) break;
    ({ location, value: part } = next);
  }
  return location;
}

/** Returns the value under a key of an object or at an index of a list, or undefined if there is none. */
function findMember(tree: Tree, step: string | number): Member | undefined {
  if (tree.kind === "dictionary") return tree.members.get(String(step));
  if (tree.kind === "scalar" || typeof step === "string") return undefined;
  const value = tree.items[step];
  return value && { location: value.location, value };
}

/** Returns the string under a key of an object, or undefined if there is no such string. */
export function stringMember(tree: Tree, key: string): string | undefined {
  const value = tree.kind === "dictionary" ? tree.members.get(key)?.value : undefined;
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/**
 * Returns a tree in which `change` is applied to the part at a path. If the path does not exist, returns
 * the tree unchanged.
 */
export function changePart(tree: Tree, path: Path, change: (part: Tree) => Tree): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return change(tree);
  const next = findMember(tree, step);
  if (next === undefined) return tree;
  const value = changePart(next.value, rest, change);
  if (tree.kind === "list") return { ...tree, items: tree.items.with(Number(step), value) };
  return withMember(tree as Dictionary, String(step), { ...next, value });
}

/**
 * Returns the names of the stages in a config's pipeline, in order. A stage without a name is undefined.
 * Returns an empty list if the config has no pipeline.
 */
export function stageNames(tree: Tree): readonly (string | undefined)[] {
  const pipeline = findPart(tree, ["pipeline"]);
  return pipeline?.kind === "list" ? pipeline.items.map((item) => stringMember(item, "stage")) : [];
}

/**
 * Returns an object with a key set to a value. An existing key keeps its position, and a new one is the
 * last.
 */
export function withMember(tree: Dictionary, key: string, member: Member): Dictionary {
  return { ...tree, members: new Map(tree.members).set(key, member) };
}
