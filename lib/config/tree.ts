/**
 * JSON with places: a value, and where in which file each part of it was written.
 *
 * Objects are Maps, so no key of a config, `__proto__` included, can mean anything to the program.
 *
 * @module
 */

/** Where something was written: a line of a file, or an argument of the command line. */
export interface Place {
  /** The file's path, or the argument, for example `--set train.epochs=3`. */
  readonly source: string;
  /** Line from 1; absent for arguments. */
  readonly line?: number;
  /** Column from 1, where it helps to find a mistake in the grammar. */
  readonly column?: number;
}

/** A JSON value that knows its places. */
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

/** Keys and indices that lead from the root to a part. */
export type Path = readonly (string | number)[];

export function plain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plain);
  // fromEntries defines properties and does not assign, so "__proto__" is a key like any other
  return Object.fromEntries([...tree.members].map(([key, { value }]) => [key, plain(value)]));
}

/** Returns a value of JSON as a tree, all of it written at one place. */
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

/** The place to show for a path: of the key if it is there, else of the nearest part around it. */
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

/** Returns the tree with the part at a path changed; a path that leads nowhere changes nothing. */
export function changeAt(tree: Tree, path: Path, change: (part: Tree) => Tree): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return change(tree);
  const next = child(tree, step);
  if (next === undefined) return tree;
  const value = changeAt(next.value, rest, change);
  if (tree.kind === "list") return { ...tree, items: tree.items.with(Number(step), value) };
  return withMember(tree as Dictionary, String(step), { ...next, value });
}

/** Names of the stages of a config's pipeline; undefined for one that has no name. */
export function stageNames(tree: Tree): readonly (string | undefined)[] {
  const pipeline = at(tree, ["pipeline"]);
  return pipeline?.kind === "list" ? pipeline.items.map((item) => stringAt(item, "stage")) : [];
}

/** An object with one key set: in its old position, or last. */
export function withMember(tree: Dictionary, key: string, member: Member): Dictionary {
  return { ...tree, members: new Map(tree.members).set(key, member) };
}
