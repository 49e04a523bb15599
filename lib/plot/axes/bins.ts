import { extent } from "./scale.ts";
import { enclosingTicks } from "./ticks.ts";

/** Counts of values between neighbouring edges, of which there is one more. */
export interface Bins {
  /** Rising edges; a bin holds its lower edge, and the last bin its upper edge too. */
  readonly edges: ArrayLike<number>;
  /** Number of values in each bin. */
  readonly counts: ArrayLike<number>;
}

/** Options of bins. */
export interface BinOptions {
  /** Approximate number of bins. Defaults to Sturges' rule: ⌈log₂ n⌉ + 1 for n values. */
  readonly count?: number;
  /** Smallest and largest value, widened to the next edges. Defaults to that of the values. */
  readonly domain?: readonly [number, number];
}

/**
 * Counts values in bins whose width is the distance of an axis's ticks, so that edges are round numbers. The
 * default number of bins follows Sturges ("The choice of a class interval", 1926). Values that are not finite
 * or outside of the domain are not counted; without finite values there are no bins.
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

/** Computes ⌈log₂ n⌉ + 1 in whole numbers; 1 for at most one value. */
function sturges(n: number): number {
  return n <= 1 ? 1 : 33 - Math.clz32(n - 1);
}

function around(value: number): readonly [number, number] {
  const half = value === 0 ? 0.5 : Math.abs(value) / 2;
  return [value - half, value + half];
}

/** Returns the bin of a value by binary search; undefined if it is outside of all bins. */
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
