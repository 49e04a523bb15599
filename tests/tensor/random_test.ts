import { assert, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { below, key, permutation, threefry } from "../../lib/tensor/mod.ts";

const WORD = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const SEEDED = { seed: 42, numRuns: 500 };

/** χ² of counts that should all be alike, less its expectation, in standard deviations. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

Deno.test("threefry() returns the known answers of Random123 (kat_vectors, threefry2x32 20)", () => {
  assertEquals(threefry([0, 0], 0, 0), [0x6b200159, 0x99ba4efe]);
  const ones = 0xffffffff;
  assertEquals(threefry([ones, ones], ones, ones), [0x1cb996fc, 0xbb002be7]);
  assertEquals(
    threefry([0x13198a2e, 0x03707344], 0x243f6a88, 0x85a308d3),
    [0xc4923a9c, 0x483df7a0],
  );
});

Deno.test("key() returns different keys by seed, name, number and order", () => {
  const keys = [
    key(1),
    key(2),
    key(2 ** 32 + 1),
    key(1, "a"),
    key(1, "b"),
    key(1, "ab"),
    key(1, "a", "b"),
    key(1, "b", "a"),
    key(1, "a\0"),
    key(1, ""),
    key(1, 0),
    key(1, 1),
    key(1, "1"),
    key(1, 2 ** 40),
    key(1, "a", 1),
  ];
  assertEquals(new Set(keys.map((pair) => pair.join())).size, keys.length);
});

Deno.test("key() of the same path is the same; a committed key guards the numbers of every run", () => {
  assertEquals(key(42, "shuffle", 3), key(42, "shuffle", 3));
  assertEquals(key(42, "shuffle", 3), [2295613883, 2610016262]);
});

Deno.test("key() rejects a seed that is not a whole number from 0 to 2^53 - 1", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assertThrows(
      () => key(seed),
      RangeError,
      `expected an integer from 0 to 2^53 - 1: received ${seed}`,
    );
  }
});

Deno.test("below() is word · bound / 2³² rounded down, of the first word not rejected", () => {
  fc.assert(
    fc.property(WORD, WORD, WORD, fc.integer({ min: 1, max: 2 ** 32 }), (k0, k1, index, bound) => {
      const product = (attempt: number) =>
        BigInt(threefry([k0, k1], index, attempt)[0]) * BigInt(bound);
      let attempt = 0;
      while (product(attempt) % 2n ** 32n < 2n ** 32n % BigInt(bound)) attempt++;
      assertEquals(below([k0, k1], index, bound), Number(product(attempt) / 2n ** 32n));
    }),
    SEEDED,
  );
});

Deno.test("below() rejects words, since 2³¹ + 1 would otherwise favour every other number", () => {
  // Nearly half of all words are rejected at this bound; each result must still be drawn
  const bound = 2 ** 31 + 1;
  const draws = Array.from({ length: 400 }, (_, index) => below(key(3), index, bound));
  const rejected = draws.filter((_, index) => {
    const low = Math.imul(threefry(key(3), index, 0)[0], bound) >>> 0;
    return low < 2 ** 32 % bound;
  });
  assert(rejected.length > 100, `${rejected.length} of 400 rejected`);
  assert(draws.every((draw) => draw >= 0 && draw < bound));
});

for (const bound of [2, 3, 5, 7, 10, 100]) {
  Deno.test(`below() draws the numbers under ${bound} equally often`, () => {
    const counts = Array<number>(bound).fill(0);
    for (let index = 0; index < 200 * bound; index++) {
      const draw = below(key(1, "fair"), index, bound);
      counts[draw] = (counts[draw] ?? 0) + 1;
    }
    assertEquals(counts.length, bound);
    // five standard deviations of χ²; the key is fixed
    assertLess(Math.abs(unevenness(counts)), 5);
  });
}

Deno.test("below() rejects bounds that are not whole numbers from 1 to 2^32", () => {
  for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertThrows(() => below([0, 0], 0, bound), RangeError, `received ${bound}`);
  }
});

Deno.test("permutation() has each number once, for every key and length", () => {
  fc.assert(
    fc.property(WORD, WORD, fc.integer({ min: 0, max: 300 }), (k0, k1, length) => {
      const order = permutation([k0, k1], length);
      assertEquals(order.toSorted(), Uint32Array.from({ length }, (_, index) => index));
    }),
    { seed: 42, numRuns: 100 },
  );
});

Deno.test("permutation() gives every order of four equally often", () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 200 * 24; index++) {
    const order = permutation(key(1, "orders", index), 4).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  assertLess(Math.abs(unevenness([...counts.values()])), 5);
});

Deno.test("permutation() is a function of the key: equal for equal keys, and different for others", () => {
  assertEquals(permutation(key(1), 100), permutation(key(1), 100));
  assertNotEquals(permutation(key(1), 100), permutation(key(2), 100));
});
