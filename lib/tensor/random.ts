/**
 * Counter-based random numbers: every number is a pure function of a key and a counter. So results do not
 * depend on the order in which numbers are generated, on workers, or on where a run was resumed.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011, section 4.2). It needs only addition, rotation and xor of 32-bit integers, which
 * give the same bits on every machine. This module generates single numbers, for shuffles and splits;
 * `lib/tensor/sample.ts` is the same generator as an expression of whole tensors.
 *
 * @module
 */

/** The key of an independent stream of random numbers: two 32-bit unsigned integers. */
export type Key = readonly [number, number];

/** Rotation distances of Threefry-2x32 (Salmon et al., table 2); they repeat every eight rounds. */
export const ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];

/** Constant of the key schedule, which makes its third word differ from zero. */
export const PARITY = 0x1bd11bda;

/**
 * Computes Threefry-2x32-20 of a counter under a key: two random 32-bit unsigned integers. The counter has 64
 * bits, of which `low` and `high` are the lower and the upper 32.
 */
export function threefry(key: Key, low: number, high: number): [number, number] {
  return [threefryWord(key, low, high, 0), threefryWord(key, low, high, 1)];
}

/**
 * Computes the first (index 0) or the second (index 1) of the two words of {@linkcode threefry}. It allocates
 * no memory, since shuffles need one word for every sample.
 */
function threefryWord([k0, k1]: Key, low: number, high: number, index: 0 | 1): number {
  let next = k1;
  let after = k0 ^ k1 ^ PARITY;
  let last = k0;
  let a = (low + k0) | 0;
  let b = (high + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const distance = ROTATIONS[round % 8];
    a = (a + b) | 0;
    b = ((b << distance) | (b >>> (32 - distance))) ^ a;
    if (round % 4 !== 3) continue;
    a = (a + next) | 0;
    b = (b + after + (round + 1) / 4) | 0;
    const first = next; // the key's three words are used in rotation
    next = after;
    after = last;
    last = first;
  }
  return (index === 0 ? a : b) >>> 0;
}

/**
 * Derives a key from a seed for the purpose that `path` names: `key(seed, "shuffle", epoch)`.
 *
 * @throws {RangeError} if the seed or a number of the path is not an integer from 0 to 2⁵³ − 1
 */
export function key(seed: number, ...path: readonly (string | number)[]): Key {
  return subkey(lowAndHighWords(seed), ...path);
}

/**
 * Derives a key from another key for the purpose that `path` names: `subkey(key(seed, "layer"), "dropout1")`
 * is `key(seed, "layer", "dropout1")`.
 *
 * Each part of the path maps a key to another one, so that streams of different purposes are independent.
 * Names are hashed by their UTF-16 code units, two per counter.
 *
 * @throws {RangeError} if a number of the path is not an integer from 0 to 2⁵³ − 1
 */
export function subkey(from: Key, ...path: readonly (string | number)[]): Key {
  let at = from;
  for (const part of path) {
    if (typeof part === "number") {
      at = threefry(at, ...lowAndHighWords(part));
      continue;
    }
    at = threefry(at, part.length, 0xffffffff); // no number below 2⁵³ has this counter
    for (let i = 0; i < part.length; i += 2) {
      const second = i + 1 < part.length ? part.charCodeAt(i + 1) : 0;
      at = threefry(at, part.charCodeAt(i) | (second << 16), i);
    }
  }
  return at;
}

/**
 * Splits an integer into its lower 32 bits and those above.
 *
 * @throws {RangeError} if the value is not an integer from 0 to 2⁵³ − 1
 */
function lowAndHighWords(value: number): [number, number] {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `Cannot derive a key: expected an integer from 0 to 2^53 - 1: received ${value}`,
    );
  }
  return [value % 2 ** 32 >>> 0, Math.floor(value / 2 ** 32)];
}

/**
 * Returns a uniform random integer from 0 to bound − 1, a pure function of the key, the index and the bound.
 * An index is a 32-bit integer; different ones give independent numbers.
 *
 * Lemire's multiplication method (ACM TOMACS 29(1), 2019, algorithm 5) is unbiased: it rejects the few words
 * that would favour small results, and uses the next counter.
 *
 * @throws {RangeError} if bound is not an integer from 1 to 2³²
 */
export function below(key: Key, index: number, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
    throw new RangeError(
      `Cannot draw a number: expected a bound from 1 to 2^32: received ${bound}`,
    );
  }
  const rejected = 2 ** 32 % bound;
  for (let attempt = 0;; attempt++) {
    const drawn = threefryWord(key, index, attempt, 0);
    const low = Math.imul(drawn, bound) >>> 0; // drawn × bound modulo 2³²
    if (low < rejected) continue;
    // ⌊drawn × bound / 2³²⌋ by halves: each product stays below 2⁵³, where doubles are exact
    const high = (drawn >>> 16) * bound;
    const carry = Math.floor(((drawn & 0xffff) * bound) / 2 ** 16);
    return Math.floor((high + carry) / 2 ** 16);
  }
}

/**
 * Returns the integers from 0 to length − 1 in random order, a pure function of the key and the length
 * (Fisher and Yates).
 */
export function permutation(key: Key, length: number): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let last = length - 1; last > 0; last--) {
    const other = below(key, last, last + 1);
    const kept = order[last];
    order[last] = order[other];
    order[other] = kept;
  }
  return order;
}
