/**
 * Keys of configs that have been renamed. A config with the old names means the same as one with the new
 * names: it can be read, extended and overridden, and its runs have the same ids.
 *
 * @module
 */
import {
  type Dictionary,
  type Member,
  plainValue,
  stringMember,
  type Tree,
  treeFromValue,
} from "./tree.ts";

/**
 * New name of each renamed key of a config, by its old name. Names are option paths as in `--set`: keys of
 * the config, or options of stages.
 */
export const FORMER_NAMES: Readonly<Record<string, string>> = {
  committee: "ensemble",
  "train.deform": "train.augment",
  "evaluate.deformations": "evaluate.augmentedCopies",
};

/** Keys of the config that hold a grid: an object with option paths as keys and lists of values. */
const GRIDS: readonly string[] = ["sweep", "ensemble"];

/**
 * Returns an option path, as in `--set`, in which the old name of a renamed key is replaced by its new
 * name. A path without an old name is returned unchanged.
 */
export function renameFormerPath(optionPath: string): string {
  const renamed = Object.entries(FORMER_NAMES)
    .find(([former]) =>
      optionPath.startsWith(former) && /^($|[.[])/.test(optionPath.slice(former.length))
    );
  return renamed === undefined ? optionPath : renamed[1] + optionPath.slice(renamed[0].length);
}

/**
 * Returns the tree of a config in which the old names of renamed keys are replaced by their new names. An
 * old name is not replaced if the same object has the new name too.
 */
export function renameFormerKeys(tree: Tree): Tree {
  if (tree.kind !== "dictionary") return tree;
  const config = renameKeys(tree, renameFormerPath);
  const members = [...config.members].map(([key, member]): [string, Member] => {
    const { value } = member;
    if (GRIDS.includes(key) && value.kind === "dictionary") {
      return [key, { ...member, value: renameKeys(value, renameFormerPath) }];
    }
    if (key !== "pipeline" || value.kind !== "list") return [key, member];
    return [key, { ...member, value: { ...value, items: value.items.map(renameStageKeys) } }];
  });
  return { ...config, members: new Map(members) };
}

/**
 * Returns a config, a JSON value, in which the old names of renamed keys are replaced by their new names.
 */
export function renameFormerConfigKeys(config: unknown): unknown {
  return plainValue(renameFormerKeys(treeFromValue(config, { source: "config" })));
}

/**
 * Returns the tree of a stage in which the old names of renamed options are replaced by their new names.
 */
function renameStageKeys(tree: Tree): Tree {
  const name = stringMember(tree, "stage");
  if (tree.kind !== "dictionary" || name === undefined) return tree;
  return renameKeys(tree, (option) => renameFormerPath(`${name}.${option}`).slice(name.length + 1));
}

/**
 * Returns an object with each key replaced by `newName(key)`, or kept if the object already has the new
 * key.
 */
function renameKeys(tree: Dictionary, newName: (key: string) => string): Dictionary {
  const members = [...tree.members].map(([key, member]) => {
    const present = newName(key);
    return [tree.members.has(present) ? key : present, member] as const;
  });
  return { ...tree, members: new Map(members) };
}

/**
 * Returns a stage of a config with renamed options under their old names. The ids of runs before format 4
 * are hashes of such stages.
 */
export function toFormerNames<Stage extends { readonly stage: string }>(stage: Stage): object {
  const former = new Map(
    Object.entries(FORMER_NAMES).map(([former, present]) => [present, former]),
  );
  return Object.fromEntries(
    Object.entries(stage).map(([option, value]) => {
      const name = former.get(`${stage.stage}.${option}`)?.slice(stage.stage.length + 1);
      return [name ?? option, value];
    }),
  );
}
