/**
 * Merges a config into the one that it extends.
 *
 * Objects are merged by key, and stages of the pipeline by name. Other lists are replaced as a whole, and so
 * are entries whose `name` changes, since their options belong to the old name.
 *
 * @module
 */
import { type Dictionary, type List, type Member, stringAt, type Tree } from "./tree.ts";

export function mergeConfigs(base: Dictionary, over: Dictionary): Dictionary {
  const members = new Map(base.members);
  for (const [key, member] of over.members) {
    const old = members.get(key)?.value;
    const both = old?.kind === "list" && member.value.kind === "list" && key === "pipeline";
    members.set(
      key,
      both
        ? { place: member.place, value: mergePipelines(old, member.value) }
        : mergeMembers(members.get(key), member),
    );
  }
  return { ...over, members };
}

function mergeMembers(old: Member | undefined, member: Member): Member {
  return old === undefined ? member : { ...member, value: mergeTrees(old.value, member.value) };
}

function mergeTrees(base: Tree, over: Tree): Tree {
  if (base.kind !== "dictionary" || over.kind !== "dictionary") return over;
  const name = over.members.get("name");
  if (name !== undefined && stringAt(over, "name") !== stringAt(base, "name")) return over;
  const members = new Map(base.members);
  for (const [key, member] of over.members) {
    members.set(key, mergeMembers(members.get(key), member));
  }
  return { ...over, members };
}

/**
 * Merges stages that exist in the base in place; a new stage is inserted after the one that it follows in the
 * extending list, or last if it follows none.
 */
function mergePipelines(base: List, over: List): List {
  const stages = [...base.items];
  const merged = new Set<string>();
  let next: number | undefined;
  for (const stage of over.items) {
    const name = stringAt(stage, "stage");
    const index = stages.findIndex((old) => name !== undefined && stringAt(old, "stage") === name);
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
  return { ...over, items: stages };
}
