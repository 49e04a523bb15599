import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { initializers } from "../../lib/nn/mod.ts";
import { key } from "../../lib/tensor/mod.ts";
import { fingerprint, valuesOf } from "../numbers.ts";
import { testEntries } from "./contract.ts";

const SHAPE = [200, 100] as const;
const FANS = { fanIn: 200, fanOut: 100 };
const COUNT = 200 * 100;

/** Variance and fourth moment (in units of the squared variance: 3 if normal, 9/5 if uniform). */
const MOMENTS: Readonly<
  Record<typeof initializers.names[number], { variance: number; fourth: number; golden: string }>
> = {
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
};

testEntries(initializers);

for (const [name] of initializers) {
  const initializer = initializers.create({ name });
  const draw = (seed: number) => initializer(key(seed, "initialize", "w"), SHAPE, FANS);
  const { variance, fourth, golden } = MOMENTS[name];
  const values = () => valuesOf(draw(1), {}, "f32");
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / COUNT;

  // Sampling errors: of the mean √(variance / n), of the mean square variance · √((fourth − 1) / n).
  // Four of them: a right initializer fails for 1 in 16,000 keys, and this key is fixed.
  Deno.test(`initializer "${name}" draws numbers of mean 0`, () => {
    assertLess(Math.abs(mean(values())), 4 * Math.sqrt(variance / COUNT));
  });

  Deno.test(`initializer "${name}" draws numbers of its variance`, () => {
    const square = mean(values().map((x) => x * x));
    assertLess(Math.abs(square - variance), 4 * variance * Math.sqrt((fourth - 1) / COUNT));
  });

  Deno.test(`initializer "${name}" draws numbers of its distribution: the fourth moment`, () => {
    const measured = mean(values().map((x) => x ** 4)) / variance ** 2;
    // Variance of x⁴ in units of variance⁴: 105 − 9 if normal, 81/9 − (9/5)² if uniform
    const spread = fourth === 3 ? 105 - 9 : 9 - (9 / 5) ** 2;
    assertLess(Math.abs(measured - fourth), 4 * Math.sqrt(spread / COUNT));
  });

  Deno.test(`initializer "${name}" depends on the key and on nothing else`, () => {
    assertEquals(draw(1).shape, SHAPE);
    assertEquals(valuesOf(draw(1)), valuesOf(draw(1)));
    assertNotEquals(valuesOf(draw(1)), valuesOf(draw(2)));
  });

  Deno.test(`initializer "${name}" draws the same bits as ever`, async () => {
    assertEquals(await fingerprint([draw(1)]), golden);
  });
}
