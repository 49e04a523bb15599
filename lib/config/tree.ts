/**
 * JSON trees with places: values with the file and line of each of their parts.
 *
 * Objects are Maps, so that no key of a config, such as `__proto__`, has a special meaning.
 *
 * @module
 */

/** The place of a value: a line of a file, or an argument of the command line. */
export interface Place {
  /** The file's path, or the argument, for example `--set train.epochs=3`. */
  readonly source: string;
  /** Line from 1; absent for arguments. */
  readonly line?: number;
  /** Column from 1, for syntax errors. */
  readonly column?: number;
}

/** A JSON value with places. */
export type Tree = Scalar | List | Dictionary;

/** A string, a finite number (never −0), true, false or null. */
type Scalar = {
  readonly kind: "scalar";
  readonly place: Place;
  readonly value: string | number | boolean | null;
};

export type List = {
  readonly kind: "list";
  readonly place: Place;
  readonly items: readonly Tree[];
};

export type Dictionary = {
  readonly kind: "dictionary";
  readonly place: Place;
  readonly members: ReadonlyMap<string, Member>;
};

export interface Member {
  readonly place: Place;
  readonly value: Tree;
}

/** Keys and indices from the root to a part. */
export type Path = readonly (string | number)[];

export function plain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plain);
  // fromEntries defines properties instead of assigning them, so "__proto__" is an ordinary key
  return Object.fromEntries([...tree.members].map(([key, { value }]) => [key, plain(value)]));
}

/** Returns a JSON value as a tree with a single place. */
export function treeOf(value: unknown, place: Place): Tree {
  if (Array.isArray(value)) {
    return { kind: "list", place, items: value.map((item) => treeOf(item, place)) };
  }
  if (typeof value !== "object" || value === null) {
    return { kind: "scalar", place, value: value as Scalar["value"] };
  }
  const members = Object.entries(value)
    .map(([key, member]) => [key, { place, value: treeOf(member, place) }] as const);
  return { kind: "dictionary", place, members: new Map(members) };
}

export function at(tree: Tree, path: Path): Tree | undefined {
  let part: Tree | undefined = tree;
  for (const step of path) part = part === undefined ? undefined : child(part, step)?.value;
  return part;
}

/** Returns the place of a path: that of its key if it exists, or of the nearest enclosing part. */
export function placeOf(tree: Tree, path: Path): Place {
  let part = tree;
  let place = tree.place;
  for (const step of path) {
    const next = child(part, step);
    if (next === undefined) break;
    ({ place, value: part } = next);
  }
  return place;
}

function child(tree: Tree, step: string | number): Member | undefined {
  if (tree.kind === "dictionary") return tree.members.get(String(step));
  if (tree.kind === "scalar" || typeof step === "string") return undefined;
  const value = tree.items[step];
  return value && { place: value.place, value };
}

export function stringAt(tree: Tree, key: string): string | undefined {
  const value = tree.kind === "dictionary" ? tree.members.get(key)?.value : undefined;
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** Changes the part at a path of a tree; a path that does not exist changes nothing. */
export function changeAt(tree: Tree, path: Path, change: (part: Tree) => Tree): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return change(tree);
  const next = child(tree, step);
  if (next === undefined) return tree;
  const value = changeAt(next.value, rest, change);
  if (tree.kind === "list") return { ...tree, items: tree.items.with(Number(step), value) };
  return withMember(tree as Dictionary, String(step), { ...next, value });
}

/** Returns the names of the stages of a config's pipeline; undefined for a stage without a name. */
export function stageNames(tree: Tree): readonly (string | undefined)[] {
  const pipeline = at(tree, ["pipeline"]);
  return pipeline?.kind === "list" ? pipeline.items.map((item) => stringAt(item, "stage")) : [];
}

/** Sets a key of an object, in its old position or last. */
export function withMember(tree: Dictionary, key: string, member: Member): Dictionary {
  return { ...tree, members: new Map(tree.members).set(key, member) };
}
