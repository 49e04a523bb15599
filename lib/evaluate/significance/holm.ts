/**
 * p-values of several tests, adjusted so that together they mislead no more often than one: if no
 * difference is real, some adjusted value is below α with probability at most α, however the tests
 * depend on each other (Holm, "A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6, 1979, pages 65–70).
 *
 *   p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎
 *
 * It rejects all that Bonferroni's m p rejects, and more.
 *
 * @returns an adjusted value for each, in the order in which they were given
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
