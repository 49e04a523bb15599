/**
 * Adjusts the p-values of several tests so that they control the family-wise error rate: if all null hypotheses are
 * true, the probability that any adjusted value is below α is at most α, however the tests depend on each other (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics
 * 6, 1979, pages 65–70).
 *
 *   p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎
 *
 * The method is at least as powerful as Bonferroni's correction.
 *
 * @returns adjusted p-values, in the order of `pValues`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { holm } from "../mod.ts";
 *
 * assertEquals(holm([0.5, 0.125, 0.25]), [0.5, 0.375, 0.5]);
 * ```
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const adjusted = [...pValues];
  const rising = pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b] || a - b);
  let largest = 0;
  rising.forEach((index, rank) => {
    const value = Math.min(1, (pValues.length - rank) * pValues[index]);
    largest = Math.max(largest, value);
    adjusted[index] = largest;
  });
  return adjusted;
}
