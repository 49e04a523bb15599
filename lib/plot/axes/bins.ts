import { extent } from "./scale.ts";
import { enclosingTicks } from "./ticks.ts";

/** Counts of values in bins between rising edges. */
export interface Bins {
  /**
   * Edges of the bins, one more than bins. A value equal to an edge is in the bin above it; the last edge in
   * the last bin.
   */
  readonly edges: ArrayLike<number>;
  /** Number of values in each bin. */
  readonly counts: ArrayLike<number>;
}

/** Options of bins. */
export interface BinOptions {
  /** Approximate number of bins. Defaults to Sturges' rule: ⌈log₂ n⌉ + 1 for n values. */
  readonly count?: number;
  /**
   * Smallest and largest value that is counted; widened to the next edges. Defaults to the range of the
   * values.
   */
  readonly domain?: readonly [number, number];
}

/**
 * Counts values in bins of equal width whose edges are round numbers, like the ticks of an axis. The default
 * number of bins follows Sturges ("The choice of a class interval", 1926). Values that are not finite, or are
 * beyond the first or last edge, are not counted. Without a domain and finite values there are no bins.
 *
 * @throws {RangeError} if the domain does not rise
 */
export function binned(values: ArrayLike<number | null>, options: BinOptions = {}): Bins {
  const finite = Array.from(values).filter((value): value is number => Number.isFinite(value));
  const domain = options.domain ?? extent(finite);
  if (domain === undefined) return { edges: [0], counts: [] };
  const [low, high] = domain[0] === domain[1] ? domainAround(domain[0]) : domain;
  const count = options.count ?? sturgesBinCount(finite.length);
  const edges = enclosingTicks(low, high, count);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of finite) {
    const bin = findBin(value, edges);
    if (bin !== undefined) counts[bin]++;
  }
  return { edges, counts };
}

/** Returns the number of bins by Sturges' rule, ⌈log₂ n⌉ + 1 for n values; 1 for at most one value. */
function sturgesBinCount(n: number): number {
  return n <= 1 ? 1 : 33 - Math.clz32(n - 1);
}

/** Returns a domain around a single value. */
function domainAround(value: number): readonly [number, number] {
  const half = value === 0 ? 0.5 : Math.abs(value) / 2;
  return [value - half, value + half];
}

/** Returns the index of the bin that contains a value; undefined if the value is beyond the edges. */
function findBin(value: number, edges: readonly number[]): number | undefined {
  const last = edges.length - 1;
  if (!(value >= edges[0] && value <= edges[last])) return undefined;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle;
  }
  return low;
}
