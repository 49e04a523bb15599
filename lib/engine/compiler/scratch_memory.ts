/**
 * Plans scratch memory: values that are not needed at the same time share bytes.
 *
 * @module
 */

/**
 * The size in bytes of a value in scratch memory, and the indices of the first and the last unit that access
 * it.
 */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Alignment of values in bytes: a cache line. */
export const ALIGNMENT = 64;

/** Rounds a number of bytes up to the alignment. */
export function alignBytes(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Computes the offset in bytes of each value in scratch memory, in the order of `lifetimes`, and the number
 * of bytes of all. Values whose lifetimes have a unit in common do not overlap in memory. Values get their
 * offsets in the order of falling size, each the lowest free one.
 */
export function planScratchMemory(
  lifetimes: readonly Lifetime[],
): { readonly offsets: readonly number[]; readonly bytes: number } {
  const offsets = lifetimes.map(() => 0);
  const placed: number[] = [];
  const bySize = lifetimes.map((_, index) => index)
    .sort((a, b) => lifetimes[b].bytes - lifetimes[a].bytes || a - b);
  for (const index of bySize) {
    const { bytes, first, last } = lifetimes[index];
    const neighbours = placed
      .filter((other) => lifetimes[other].first <= last && first <= lifetimes[other].last)
      .map((other) => ({ from: offsets[other], to: offsets[other] + lifetimes[other].bytes }))
      .sort((a, b) => a.from - b.from);
    let offset = 0;
    for (const { from, to } of neighbours) {
      if (offset + bytes <= from) break;
      offset = Math.max(offset, alignBytes(to));
    }
    offsets[index] = offset;
    placed.push(index);
  }
  const ends = lifetimes.map(({ bytes }, index) => offsets[index] + bytes);
  return { offsets, bytes: alignBytes(Math.max(0, ...ends)) };
}
