import type { Split, Splits } from "../../data/dataset.ts";
import { featureCount, listSplits, type SplitName } from "../../data/split/samples.ts";

/** Split, row and label of one sample of a group of equal samples. */
interface Occurrence {
  readonly split: SplitName;
  /** Row of the sample in the file of the split. */
  readonly row: number;
  readonly label: number;
}

/**
 * Counts of the samples of a split whose features equal those of a sample in an earlier split, or of an earlier
 * sample in the same split.
 */
export interface DuplicateCounts {
  /** Split whose samples are counted. */
  readonly split: SplitName;
  /** Split with the earlier samples: an earlier split, or the same. */
  readonly within: SplitName;
  /** Number of samples that equal an earlier one. */
  readonly samples: number;
  /** Number of samples that equal an earlier one with another label. */
  readonly contradictions: number;
}

/** Samples of a data set with equal features: their counts by split, and some of the groups of equal samples. */
export interface Duplicates {
  /** Counts for each split with itself and with each earlier split. */
  readonly repetitions: readonly DuplicateCounts[];
  /** Number of groups of two or more equal samples. */
  readonly groups: number;
  /**
   * Some of the groups: first those with several classes, then those in several splits, then others in the
   * order of their first samples.
   */
  readonly listed: readonly DuplicateGroup[];
}

/** Two or more samples with equal features, in the order of splits and samples. */
export type DuplicateGroup = readonly Occurrence[];

/**
 * Finds the samples with bitwise equal features in all splits.
 *
 * @param most largest number of groups of equal samples that are listed
 */
export function findDuplicates(splits: Splits, most: number): Duplicates {
  const named = listSplits(splits);
  const groups = groupEqualSamples(named);
  const rank = (group: DuplicateGroup) =>
    2 * differsInProperty(group, "label") + differsInProperty(group, "split");
  return {
    repetitions: named.flatMap(([split], index) =>
      named.slice(0, index + 1).map(([within]) => countDuplicates(groups, split, within))
    ),
    groups: groups.length,
    listed: groups.toSorted((a, b) => rank(b) - rank(a)).slice(0, most),
  };
}

/** Returns 1 if the samples of a group have different values of a property, and 0 otherwise. */
function differsInProperty(group: DuplicateGroup, property: "label" | "split"): number {
  return Number(group.some((each) => each[property] !== group[0]?.[property]));
}

/**
 * Counts the samples of `split` that equal a sample of `within` or, if both are the same split, an earlier
 * sample of it.
 */
function countDuplicates(
  groups: readonly DuplicateGroup[],
  split: SplitName,
  within: SplitName,
): DuplicateCounts {
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

/** Access to the features of each sample, as bytes, in one or several splits. */
interface SampleBytes {
  /** Number of samples. */
  readonly count: number;
  /**
   * Returns the features of a sample.
   *
   * @param index index of the sample among all of them, from 0
   */
  at(index: number): Uint8Array;
}

/**
 * Returns the groups of two or more equal samples of all splits, in the order of the first sample of each
 * group.
 */
function groupEqualSamples(named: ReturnType<typeof listSplits>): readonly DuplicateGroup[] {
  const firsts = named.map((_, index) =>
    named.slice(0, index).reduce((sum, [, { rows }]) => sum + rows.length, 0)
  );
  const splitAt = (index: number) => firsts.findLastIndex((first) => first <= index);
  const views = named.map(([, split]) => sampleBytes(split));
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
  findFirstEqualSamples({ count, at }).forEach((first, index) => {
    if (first === index) return;
    const known = members.get(first);
    if (known === undefined) members.set(first, [first, index]);
    else known.push(index);
  });
  return [...members].sort(([a], [b]) => a - b).map(([, indices]) => indices.map(occurrence));
}

/** Returns access to the features of the samples of one split. */
function sampleBytes(split: Split): SampleBytes {
  const { rows, samples: { values } } = split;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const size = featureCount(split) * values.BYTES_PER_ELEMENT;
  return {
    count: rows.length,
    at(index) {
      const start = rows[index] * size;
      return bytes.subarray(start, start + size);
    },
  };
}

/**
 * Returns, for each sample, the index of the first sample with equal bytes, which is its own index if there is
 * no earlier one. Samples are found by a hash table with linear probing (Knuth, The Art of Computer Programming
 * 3, section 6.4, algorithm L) that is at most half full. Samples with equal hashes are compared byte by byte,
 * so there are no false positives.
 */
function findFirstEqualSamples({ count, at }: SampleBytes): Uint32Array<ArrayBuffer> {
  let size = 1;
  while (size < 2 * count) size *= 2;
  const mask = size - 1;
  const slots = new Uint32Array(size); // 0 where it is free, else 1 + the row
  const hashes = new Uint32Array(count);
  const firsts = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const row = at(index);
    const hash = hashBytes(row);
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

/**
 * Computes the 32-bit FNV-1a hash of bytes (Fowler, Noll and Vo; RFC 9923). The upper half is mixed into the lower one,
 * since the hash table uses the lower bits only.
 */
function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Returns whether two arrays of the same length have equal bytes. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
