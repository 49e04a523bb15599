/**
 * Division of a training among ranks: the nodes of the tree of micro-batches that each rank computes, and the
 * slice of each gradient that it adds up.
 *
 * @module
 */
import { largestNodesWithin, type Leaves, microBatchRows } from "../../tensor/micro_batches.ts";

/**
 * Divides the tree of `shards` micro-batches among `size` ranks. Rank r computes the leaves from ⌊r ·
 * shards / size⌋ to ⌊(r + 1) · shards / size⌋. Returns the nodes of each rank in order: the largest ones
 * that have only leaves of the rank, without those whose micro-batches are all empty in a batch of `batch`
 * samples.
 *
 * @throws {RangeError} if a rank has no leaf
 */
export function divideNodes(
  shards: number,
  size: number,
  batch: number,
): readonly (readonly Leaves[])[] {
  if (size > shards) {
    throw new RangeError(
      `Cannot train: expected at most as many ranks as "shards", ${shards}: received ${size} ranks`,
    );
  }
  const firstOf = (rank: number) => Math.floor(rank * shards / size);
  return Array.from(
    { length: size },
    (_, rank) =>
      largestNodesWithin({ from: firstOf(rank), to: firstOf(rank + 1) }, shards)
        .filter(({ from }) => microBatchRows(batch, shards, from).count > 0),
  );
}

/** Consecutive elements of a vector. */
export interface Slice {
  /** Index of the first element. */
  readonly first: number;
  /** Number of elements. */
  readonly length: number;
}

/** Number of single-precision elements in a cache line. Slices are whole lines, so no line is in two of them. */
const LINE = 16;

/**
 * Divides a vector of `length` elements into `sliceCount` consecutive slices, one for each rank. All have
 * equal lengths, except that the last ones may be shorter or empty.
 */
export function divideIntoSlices(length: number, sliceCount: number): readonly Slice[] {
  const each = LINE * Math.ceil(length / (LINE * sliceCount));
  return Array.from({ length: sliceCount }, (_, rank) => {
    const first = Math.min(length, rank * each);
    return { first, length: Math.min(length, first + each) - first };
  });
}
