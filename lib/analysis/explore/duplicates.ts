import type { Split, Splits } from "../../data/dataset.ts";
import { featuresOf, listSplits, type SplitName } from "../../data/split/samples.ts";

/** A sample by its place in the data. */
interface Occurrence {
  readonly split: SplitName;
  readonly row: number;
  readonly label: number;
}

/** How much of a split is there before: in an earlier split, or earlier in the split itself. */
export interface Repetition {
  readonly split: SplitName;
  /** Where they are: an earlier split, or the split itself. */
  readonly within: SplitName;
  /** How many samples of the split. */
  readonly samples: number;
  /** How many of them have another class than one of their equals there. */
  readonly contradictions: number;
}

export interface Duplicates {
  readonly repetitions: readonly Repetition[];
  readonly groups: number;
  /** Some of them: those of several classes first, then those in several splits, then the first. */
  readonly listed: readonly Group[];
}

export type Group = readonly Occurrence[];

/** Finds samples that are equal in every bit of every feature; lists `most` groups of them. */
export function findDuplicates(splits: Splits, most: number): Duplicates {
  const named = listSplits(splits);
  const groups = groupsOf(named);
  const rank = (group: Group) => 2 * kinds(group, "label") + kinds(group, "split");
  return {
    repetitions: named.flatMap(([split], index) =>
      named.slice(0, index + 1).map(([within]) => repetition(groups, split, within))
    ),
    groups: groups.length,
    listed: groups.toSorted((a, b) => rank(b) - rank(a)).slice(0, most),
  };
}

/** 1 if the samples of a group differ in something, else 0. */
function kinds(group: Group, what: "label" | "split"): number {
  return Number(group.some((each) => each[what] !== group[0]?.[what]));
}

function repetition(groups: readonly Group[], split: SplitName, within: SplitName): Repetition {
  let [samples, contradictions] = [0, 0];
  for (const group of groups) {
    const before = split === within ? [] : group.filter((each) => each.split === within);
    const classes = new Set(before.map(({ label }) => label));
    for (const { split: own, label } of group) {
      if (own !== split) continue;
      if (classes.size > 0) samples++;
      if (classes.size > Number(classes.has(label))) contradictions++;
      if (split === within) classes.add(label);
    }
  }
  return { split, within, samples, contradictions };
}

/** The bytes of every sample of some splits, one after the other. */
interface Rows {
  readonly count: number;
  at(index: number): Uint8Array;
}

/** The groups of equal samples, in the order of their first ones. */
function groupsOf(named: ReturnType<typeof listSplits>): readonly Group[] {
  const firsts = named.map((_, index) =>
    named.slice(0, index).reduce((sum, [, { rows }]) => sum + rows.length, 0)
  );
  const splitAt = (index: number) => firsts.findLastIndex((first) => first <= index);
  const views = named.map(([, split]) => bytesOf(split));
  const at = (index: number) => {
    const split = splitAt(index);
    return views[split].at(index - firsts[split]);
  };
  const occurrence = (index: number): Occurrence => {
    const place = splitAt(index);
    const [split, { rows, samples }] = named[place];
    const row = rows[index - firsts[place]];
    return { split, row, label: samples.labels[row] };
  };
  const count = views.reduce((sum, view) => sum + view.count, 0);
  const members = new Map<number, number[]>();
  firstEquals({ count, at }).forEach((first, index) => {
    if (first === index) return;
    const known = members.get(first);
    if (known === undefined) members.set(first, [first, index]);
    else known.push(index);
  });
  return [...members].sort(([a], [b]) => a - b).map(([, indices]) => indices.map(occurrence));
}

function bytesOf(split: Split): Rows {
  const { rows, samples: { values } } = split;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const size = featuresOf(split) * values.BYTES_PER_ELEMENT;
  return {
    count: rows.length,
    at(index) {
      const start = rows[index] * size;
      return bytes.subarray(start, start + size);
    },
  };
}

/**
 * For each row the first that is equal to it: by a hash table with linear probing (Knuth, The Art of
 * Computer Programming 3, section 6.4, algorithm L) that is at most half full. What has the same hash
 * is compared, so no two rows are taken for equal that are not.
 */
function firstEquals({ count, at }: Rows): Uint32Array<ArrayBuffer> {
  let size = 1;
  while (size < 2 * count) size *= 2;
  const mask = size - 1;
  const slots = new Uint32Array(size); // 0 where it is free, else 1 + the row
  const hashes = new Uint32Array(count);
  const firsts = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const row = at(index);
    const hash = fnv(row);
    hashes[index] = hash;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const found = slots[slot] - 1;
      if (found < 0) {
        slots[slot] = index + 1;
        firsts[index] = index;
        break;
      }
      if (hashes[found] === hash && areEqual(at(found), row)) {
        firsts[index] = found;
        break;
      }
    }
  }
  return firsts;
}

/** FNV-1a of 32 bits (Fowler, Noll and Vo; RFC 9923), its halves mixed, since tables use the lower. */
function fnv(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
