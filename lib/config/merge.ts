/**
 * Merging of a config with the config that it extends.
 *
 * Objects are merged by key, and stages of the pipeline by name. Other lists are replaced as a whole. So
 * are objects whose `name` changes, since the options belong to the old name.
 *
 * @module
 */
import { type Dictionary, type List, type Member, stringMember, type Tree } from "./tree.ts";

/**
 * Merges a config, `extension`, into the config `base` that it extends. Where both have a value, that of
 * the extension is used.
 */
export function mergeConfigs(base: Dictionary, extension: Dictionary): Dictionary {
  const members = new Map(base.members);
  for (const [key, member] of extension.members) {
    const old = members.get(key)?.value;
    const both = old?.kind === "list" && member.value.kind === "list" && key === "pipeline";
    members.set(
      key,
      both
        ? { location: member.location, value: mergePipelines(old, member.value) }
        : mergeMembers(members.get(key), member),
    );
  }
  return { ...extension, members };
}

/**
 * Merges the values that two objects have under one key. `base` is undefined if only the extension has the
 * key.
 */
function mergeMembers(base: Member | undefined, extension: Member): Member {
  if (base === undefined) return extension;
  return { ...extension, value: mergeTrees(base.value, extension.value) };
}

/**
 * Merges two values within a config. Two objects are merged by key, unless the extension has another
 * `name`. In all other cases the extension replaces the base.
 */
function mergeTrees(base: Tree, extension: Tree): Tree {
  if (base.kind !== "dictionary" || extension.kind !== "dictionary") return extension;
  const name = extension.members.get("name");
  if (name !== undefined && stringMember(extension, "name") !== stringMember(base, "name")) {
    return extension;
  }
  const members = new Map(base.members);
  for (const [key, member] of extension.members) {
    members.set(key, mergeMembers(members.get(key), member));
  }
  return { ...extension, members };
}

/**
 * Merges the pipelines of two configs, which are lists of stages. A stage that the base has keeps its
 * position there. A new stage is inserted after the stage that precedes it in the extension, or at the end
 * if none precedes it.
 */
function mergePipelines(base: List, extension: List): List {
  const stages = [...base.items];
  const merged = new Set<string>();
  let next: number | undefined;
  for (const stage of extension.items) {
    const name = stringMember(stage, "stage");
    const index = stages.findIndex((old) =>
      name !== undefined && stringMember(old, "stage") === name
    );
    const old = stages[index];
    // a name that occurs twice in one file is reported by the check of the merged config
    if (old !== undefined && name !== undefined && !merged.has(name)) {
      stages[index] = mergeTrees(old, stage);
      merged.add(name);
      next = index + 1;
    } else {
      stages.splice(next ?? stages.length, 0, stage);
      next = (next ?? stages.length - 1) + 1;
    }
  }
  return { ...extension, items: stages };
}
