import { assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { input, power, powerComplement } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const exponent = input("exponent", [], "integer");
const at = (value: number) => ({ inputs: { exponent: [value] } });

Deno.test("power() is exact if its factors are", () => {
  const powers = [0, 1, 2, 3, 10, 126].map((n) => valuesOf(power(0.5, exponent), at(n), "f32"));
  assertEquals(powers.flat(), [0, 1, 2, 3, 10, 126].map((n) => 2 ** -n));
  assertEquals(valuesOf(power(3, exponent), at(13)), [1594323]);
});

Deno.test("power() of 0 is 1 at exponent 0, else 0", () => {
  assertEquals([0, 1, 7].flatMap((n) => valuesOf(power(0, exponent), at(n))), [1, 0, 0]);
});

Deno.test("power() equals repeated products up to rounding, in both precisions", () => {
  for (const n of [1, 7, 100, 999, 12_345]) {
    let expected = 1;
    for (let i = 0; i < n; i++) expected *= 0.999;
    const [double = NaN] = valuesOf(power(0.999, exponent), at(n), "f64");
    const [single = NaN] = valuesOf(power(0.999, exponent), at(n), "f32");
    assertAlmostEquals(double, expected, 2 * n * 2 ** -53 * expected);
    // 14 factors at most, each rounded, and as many products
    assertAlmostEquals(single, expected, 28 * 2 ** -24 * expected);
  }
});

Deno.test("powerComplement() is 1 - base^n up to a few roundings, even if the power is nearly 1", () => {
  for (const base of [0.9, 0.999, 0.999999]) {
    for (const n of [0, 1, 2, 3, 100, 12_345]) {
      // The same by a sum without cancellation: 1 − bⁿ = (1 − b)(1 + b + … + bⁿ⁻¹)
      let [sum, term] = [0, 1];
      for (let i = 0; i < n; i++, term *= base) sum += term;
      const expected = (1 - base) * sum;
      for (const [precision, u] of [["f32", 2 ** -24], ["f64", 2 ** -53]] as const) {
        const [value = NaN] = valuesOf(powerComplement(base, exponent), at(n), precision);
        // 14 factors with a few roundings each; the comparison's own sum has 2n of double precision
        const tolerance = (4 * 14 * u + 2 * n * 2 ** -53) * expected;
        assertLessOrEqual(Math.abs(value - expected), tolerance, `${base} ** ${n}, ${precision}`);
      }
    }
  }
});
