/** A value in scratch memory and the first and last call that touches it. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Bytes that every place is a multiple of: a cache line. */
export const ALIGNMENT = 64;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * The offset of each value, and the bytes needed in all. Values whose lifetimes overlap do not overlap
 * in memory. Large values are placed first, each at the lowest offset that is free.
 */
export function planMemory(
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
      offset = Math.max(offset, align(to));
    }
    offsets[index] = offset;
    placed.push(index);
  }
  const ends = lifetimes.map(({ bytes }, index) => offsets[index] + bytes);
  return { offsets, bytes: align(Math.max(0, ...ends)) };
}
