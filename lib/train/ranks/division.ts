/**
 * Division of a training among ranks: the nodes of the tree of micro-batches that each rank computes, and the
 * slice of each gradient that it adds up.
 *
 * @module
 */
import { type Leaves, microBatchOf, nodesWithin } from "../step/shards.ts";

/**
 * Divides the tree of `shards` micro-batches among ranks: rank r computes the leaves from ⌊r · shards / size⌋
 * to ⌊(r + 1) · shards / size⌋, as the largest nodes that have only these. Returns the nodes of each rank, in
 * order, without those whose micro-batches are all empty in a batch of `batch` samples.
 *
 * @throws {RangeError} if a rank has no leaf
 */
export function nodesOfRanks(
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
      nodesWithin({ from: firstOf(rank), to: firstOf(rank + 1) }, shards)
        .filter(({ from }) => microBatchOf(batch, shards, from).count > 0),
  );
}

/** Consecutive elements of a vector. */
export interface Slice {
  readonly first: number;
  readonly length: number;
}

/** Elements of which slices are multiples: a cache line. */
const LINE = 16;

/** Divides a vector into one slice for each rank; the last ones may be shorter, or empty. */
export function slicesOf(length: number, size: number): readonly Slice[] {
  const each = LINE * Math.ceil(length / (LINE * size));
  return Array.from({ length: size }, (_, rank) => {
    const first = Math.min(length, rank * each);
    return { first, length: Math.min(length, first + each) - first };
  });
}
