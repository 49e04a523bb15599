/**
 * Keys of configs that have been renamed. A config with former names means the same as with the present
 * ones: it is read, extended and overridden, and its runs have the same ids.
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

/** Present names by former names, as `--set` writes them: keys of the config, and options of stages. */
export const FORMER_NAMES: Readonly<Record<string, string>> = {
  committee: "ensemble",
  "train.deform": "train.augment",
  "evaluate.deformations": "evaluate.augmentedCopies",
};

/** Keys of the config whose own keys are paths of options. */
const GRIDS: readonly string[] = ["sweep", "ensemble"];

/** Returns the path of an option, as `--set` writes it, by present names. */
export function renameFormerPath(optionPath: string): string {
  const renamed = Object.entries(FORMER_NAMES)
    .find(([former]) =>
      optionPath.startsWith(former) && /^($|[.[])/.test(optionPath.slice(former.length))
    );
  return renamed === undefined ? optionPath : renamed[1] + optionPath.slice(renamed[0].length);
}

/** Returns a config with all keys by their present names. A key beside its former name stays as it is. */
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

/** Returns a config in JSON with all keys by their present names. */
export function renameFormerConfigKeys(config: unknown): unknown {
  return plainValue(renameFormerKeys(treeFromValue(config, { source: "config" })));
}

function renameStageKeys(tree: Tree): Tree {
  const name = stringMember(tree, "stage");
  if (tree.kind !== "dictionary" || name === undefined) return tree;
  return renameKeys(tree, (option) => renameFormerPath(`${name}.${option}`).slice(name.length + 1));
}

function renameKeys(tree: Dictionary, newName: (key: string) => string): Dictionary {
  const members = [...tree.members].map(([key, member]) => {
    const present = newName(key);
    return [tree.members.has(present) ? key : present, member] as const;
  });
  return { ...tree, members: new Map(members) };
}

/** Returns the options of a stage by their former names, which ids of runs before format 4 follow from. */
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
