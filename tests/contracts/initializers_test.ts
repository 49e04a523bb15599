import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { initializers } from "../../lib/nn/mod.ts";
import { key, type Tensor } from "../../lib/tensor/mod.ts";
import { fingerprint, valuesOf } from "../numbers.ts";
import { testEntries } from "./contract.ts";

const SHAPE = [200, 100] as const;
const FANS = { fanIn: 200, fanOut: 100 };
const COUNT = 200 * 100;

interface Case {
  readonly options?: object;
  readonly variance: number;
  /** In units of the squared variance: 3 if normal, 9/5 if uniform; none if nothing is drawn. */
  readonly fourth?: number;
  readonly golden: string;
}

/** Moments of each initializer's numbers, and the hash of those it draws from a fixed key. */
const CASES: Readonly<Record<typeof initializers.names[number], Case>> = {
  heNormal: {
    variance: 2 / 200,
    fourth: 3,
    golden: "02ad1c95230dd5694b294226a488294d9886c402b310a23c4cc46aa348ee5828",
  },
  heUniform: {
    variance: 2 / 200,
    fourth: 9 / 5,
    golden: "4cae4a9eeee9435f9c17bfce4a1a2223be31ae279efcefaa1db85caff45cb54c",
  },
  glorotNormal: {
    variance: 2 / 300,
    fourth: 3,
    golden: "7416afff07175c416c6dbb971b04054c01f15cbc985f3c0179659db497d0dde4",
  },
  glorotUniform: {
    variance: 2 / 300,
    fourth: 9 / 5,
    golden: "92ecd8f7f412ad8cfe44f402148089f8234be2196a73ee75ad517d2f60f56f96",
  },
  lecunNormal: {
    variance: 1 / 200,
    fourth: 3,
    golden: "e8d7c348c6e21c64b2174ec61d2e83326b864848c1df86c07be878533ed22d76",
  },
  lecunUniform: {
    variance: 1 / 200,
    fourth: 9 / 5,
    golden: "8c6f3d3aabda46e0ed76477fe009647d1f2666a6c28b9fdcc238855c9c377e28",
  },
  // a coordinate of a random point on the sphere in 200 dimensions
  orthogonal: {
    variance: 1 / 200,
    fourth: 3 * 200 / 202,
    golden: "bc05a3bcb62cce281f8428ab9460f82b6104f28568276b0a56d2224a9c758f32",
  },
  constant: {
    options: { value: 0.25 },
    variance: 0,
    golden: "a557302e58a3dac99828fd8ece25ded308fd1c88a5ac8c0aa5960a2cd37191be",
  },
};

testEntries(initializers, { constant: { value: 0.25 } });

for (const [name] of initializers) {
  const { options, variance, fourth, golden } = CASES[name];
  const initializer = initializers.create(initializers.schema.parse({ name, ...options }));
  const draw = (seed: number) => initializer(key(seed, "initialize", "w"), SHAPE, FANS);

  Deno.test(`initializer "${name}" returns the requested shape, with equal numbers at each call`, () => {
    assertEquals(draw(1).shape, SHAPE);
    assertEquals(valuesOf(draw(1), {}, "f32"), valuesOf(draw(1), {}, "f32"));
  });

  Deno.test(`initializer "${name}" gives the bits of its committed hash`, async () => {
    assertEquals(await fingerprint([draw(1)]), golden);
  });

  if (fourth !== undefined) testDraws(name, draw, variance, fourth);
}

/** Registers the tests of numbers that are drawn. */
function testDraws(
  name: string,
  draw: (seed: number) => Tensor,
  variance: number,
  fourth: number,
): void {
  let drawn: readonly number[] | undefined;
  const values = () => drawn ??= valuesOf(draw(1), {}, "f32");
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / COUNT;

  // Sampling errors: of the mean √(variance / n), of the mean square variance · √((fourth − 1) / n).
  // Four of them: a right initializer fails for 1 in 16,000 keys, and this key is fixed.
  Deno.test(`initializer "${name}" draws numbers of mean 0`, () => {
    assertLess(Math.abs(mean(values())), 4 * Math.sqrt(variance / COUNT));
  });

  Deno.test(`initializer "${name}" draws numbers of the documented variance`, () => {
    const square = mean(values().map((x) => x * x));
    assertLess(Math.abs(square - variance), 4 * variance * Math.sqrt((fourth - 1) / COUNT));
  });

  Deno.test(`initializer "${name}" draws numbers of the documented distribution: the fourth moment`, () => {
    const measured = mean(values().map((x) => x ** 4)) / variance ** 2;
    // Variance of x⁴ in units of variance⁴: 105 − 9 if (almost) normal, 81/9 − (9/5)² if uniform
    const spread = fourth > 2 ? 105 - 9 : 9 - (9 / 5) ** 2;
    assertLess(Math.abs(measured - fourth), 4 * Math.sqrt(spread / COUNT));
  });

  Deno.test(`initializer "${name}" draws other numbers with another key`, () => {
    assertNotEquals(values(), valuesOf(draw(2), {}, "f32"));
  });
}
