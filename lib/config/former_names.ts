/**
 * Keys of configs that have been renamed. A config with former names means the same as with the present
 * ones: it is read, extended and overridden, and its runs have the same ids.
 *
 * @module
 */
import { type Dictionary, type Member, plain, stringAt, type Tree, treeOf } from "./tree.ts";

/** Present names by former names, as `--set` writes them: keys of the config, and options of stages. */
export const FORMER_NAMES: Readonly<Record<string, string>> = {
  committee: "ensemble",
  "train.deform": "train.augment",
  "evaluate.deformations": "evaluate.augmentedCopies",
};

/** Keys of the config whose own keys are paths of options. */
const GRIDS: readonly string[] = ["sweep", "ensemble"];

/** Returns the path of an option, as `--set` writes it, by present names. */
export function presentPath(path: string): string {
  const renamed = Object.entries(FORMER_NAMES)
    .find(([former]) => path.startsWith(former) && /^($|[.[])/.test(path.slice(former.length)));
  return renamed === undefined ? path : renamed[1] + path.slice(renamed[0].length);
}

/** Returns a config with all keys by their present names. A key beside its former name stays as it is. */
export function withPresentNames(tree: Tree): Tree {
  if (tree.kind !== "dictionary") return tree;
  const config = renamed(tree, presentPath);
  const members = [...config.members].map(([key, member]): [string, Member] => {
    const { value } = member;
    if (GRIDS.includes(key) && value.kind === "dictionary") {
      return [key, { ...member, value: renamed(value, presentPath) }];
    }
    if (key !== "pipeline" || value.kind !== "list") return [key, member];
    return [key, { ...member, value: { ...value, items: value.items.map(stage) } }];
  });
  return { ...config, members: new Map(members) };
}

/** Returns a config in JSON with all keys by their present names. */
export function byPresentNames(config: unknown): unknown {
  return plain(withPresentNames(treeOf(config, { source: "config" })));
}

function stage(tree: Tree): Tree {
  const name = stringAt(tree, "stage");
  if (tree.kind !== "dictionary" || name === undefined) return tree;
  return renamed(tree, (option) => presentPath(`${name}.${option}`).slice(name.length + 1));
}

function renamed(tree: Dictionary, presentName: (key: string) => string): Dictionary {
  const members = [...tree.members].map(([key, member]) => {
    const present = presentName(key);
    return [tree.members.has(present) ? key : present, member] as const;
  });
  return { ...tree, members: new Map(members) };
}

/** Returns the options of a stage by their former names, which ids of runs before format 4 follow from. */
export function byFormerNames<Stage extends { readonly stage: string }>(stage: Stage): object {
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
