import { extent } from "./scale.ts";
import { enclosingTicks } from "./ticks.ts";

/** Counts between neighbouring edges, one fewer than those. */
export interface Bins {
  /** Rising edges; a bin holds its lower edge, and the last bin its upper edge too. */
  readonly edges: ArrayLike<number>;
  /** How many values lie in each bin. */
  readonly counts: ArrayLike<number>;
}

/** How values are put into bins. */
export interface BinOptions {
  /** About how many bins; by Sturges' rule unless told: ⌈log₂ n⌉ + 1 of n values. */
  readonly count?: number;
  /** Smallest and largest value, widened to the next edges; that of the values unless told. */
  readonly domain?: readonly [number, number];
}

/**
 * Counts of values in bins as wide as the ticks of an axis are apart, so that edges are round
 * numbers. The count follows Sturges ("The choice of a class interval", 1926). What is not finite,
 * or outside the domain, is not counted; without any finite value there are no bins.
 *
 * @throws {RangeError} if the domain does not rise
 */
export function binned(values: ArrayLike<number | null>, options: BinOptions = {}): Bins {
  const finite = Array.from(values).filter((value): value is number => Number.isFinite(value));
  const domain = options.domain ?? extent(finite);
  if (domain === undefined) return { edges: [0], counts: [] };
  const [low, high] = domain[0] === domain[1] ? around(domain[0]) : domain;
  const count = options.count ?? sturges(finite.length);
  const edges = enclosingTicks(low, high, count);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of finite) {
    const bin = binOf(value, edges);
    if (bin !== undefined) counts[bin]++;
  }
  return { edges, counts };
}

/** ⌈log₂ n⌉ + 1, in whole numbers; 1 of a single value or none. */
function sturges(n: number): number {
  return n <= 1 ? 1 : 33 - Math.clz32(n - 1);
}

function around(value: number): readonly [number, number] {
  const half = value === 0 ? 0.5 : Math.abs(value) / 2;
  return [value - half, value + half];
}

/** The bin that holds a value, by halving; undefined if it lies outside all. */
function binOf(value: number, edges: readonly number[]): number | undefined {
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
