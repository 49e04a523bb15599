/**
 * JSON trees with locations: values with the file and line of each of their parts.
 *
 * Objects are Maps, so that no key of a config, such as `__proto__`, has a special meaning.
 *
 * @module
 */

/** The location of a value: a line of a file, or an argument of the command line. */
export interface SourceLocation {
  /** The file's path, or the argument, for example `--set train.epochs=3`. */
  readonly source: string;
  /** Line from 1; absent for arguments. */
  readonly line?: number;
  /** Column from 1, for syntax errors. */
  readonly column?: number;
}

/** A JSON value with locations. */
export type Tree = Scalar | List | Dictionary;

/** A string, a finite number (never −0), true, false or null. */
type Scalar = {
  readonly kind: "scalar";
  readonly location: SourceLocation;
  readonly value: string | number | boolean | null;
};

export type List = {
  readonly kind: "list";
  readonly location: SourceLocation;
  readonly items: readonly Tree[];
};

export type Dictionary = {
  readonly kind: "dictionary";
  readonly location: SourceLocation;
  readonly members: ReadonlyMap<string, Member>;
};

export interface Member {
  readonly location: SourceLocation;
  readonly value: Tree;
}

/** Keys and indices from the root to a part. */
export type Path = readonly (string | number)[];

export function plainValue(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plainValue);
  // fromEntries defines properties instead of assigning them, so "__proto__" is an ordinary key
  return Object.fromEntries([...tree.members].map(([key, { value }]) => [key, plainValue(value)]));
}

/** Returns a JSON value as a tree with a single location. */
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

export function findPart(tree: Tree, path: Path): Tree | undefined {
  let part: Tree | undefined = tree;
  for (const step of path) part = part === undefined ? undefined : findMember(part, step)?.value;
  return part;
}

/** Returns the location of a path: that of its key if it exists, or of the nearest enclosing part. */
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

function findMember(tree: Tree, step: string | number): Member | undefined {
  if (tree.kind === "dictionary") return tree.members.get(String(step));
  if (tree.kind === "scalar" || typeof step === "string") return undefined;
  const value = tree.items[step];
  return value && { location: value.location, value };
}

export function stringMember(tree: Tree, key: string): string | undefined {
  const value = tree.kind === "dictionary" ? tree.members.get(key)?.value : undefined;
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** Changes the part at a path of a tree; a path that does not exist changes nothing. */
export function changePart(tree: Tree, path: Path, change: (part: Tree) => Tree): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return change(tree);
  const next = findMember(tree, step);
  if (next === undefined) return tree;
  const value = changePart(next.value, rest, change);
  if (tree.kind === "list") return { ...tree, items: tree.items.with(Number(step), value) };
  return withMember(tree as Dictionary, String(step), { ...next, value });
}

/** Returns the names of the stages of a config's pipeline; undefined for a stage without a name. */
export function stageNames(tree: Tree): readonly (string | undefined)[] {
  const pipeline = findPart(tree, ["pipeline"]);
  return pipeline?.kind === "list" ? pipeline.items.map((item) => stringMember(item, "stage")) : [];
}

/** Sets a key of an object, in its old position or last. */
export function withMember(tree: Dictionary, key: string, member: Member): Dictionary {
  return { ...tree, members: new Map(tree.members).set(key, member) };
}
