/**
 * Mixup (Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018, section 1):
 *
 *     x' = λ x + (1 − λ) x₂        y' = λ y + (1 − λ) y₂        λ of the distribution Beta(α, α)
 *
 * where x₂ is the next sample of the shuffled batch, and each sample has its own λ. Pixels are rounded
 * to 8 bits. The loss is linear in y': λ L(y) + (1 − λ) L(y₂).
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  blend,
  cosTurns,
  div,
  exp,
  log,
  max,
  mul,
  sqrt,
  sub,
  type Tensor,
  unitInterval,
} from "../../tensor/mod.ts";
import { applyPendingWarp, type Augmentation } from "./augmentation.ts";
import { randomWords } from "./random.ts";

/** Options of {@linkcode mixup}. */
export interface MixupOptions {
  /**
   * Parameter α of the distribution Beta(α, α) of the weight λ. With a small α, most images change little;
   * with 1, λ is uniform. Defaults to 0.2.
   */
  readonly alpha?: number;
}

const options = z.strictObject({
  alpha: z.number().min(0.01).max(100).default(0.2)
    .describe("α of the distribution Beta(α, α) of the weights: larger ones mix more evenly"),
});

/** Returns an augmentation that mixes each image of a batch, and its label, with the next one. */
export function mixup(overrides: MixupOptions = {}): Augmentation {
  const { alpha } = withDefaults(options, overrides);
  return {
    isMixture: true,
    apply(images, context) {
      const before = applyPendingWarp(images);
      const weight = symmetricBeta(randomWords(context, 0), alpha);
      return { ...before, x: blend(before.x, weight), mix: { weight } };
    },
  };
}

/**
 * Returns random numbers with the distribution Beta(α, α), one for each pair of random 32-bit words
 * [batch]. The method rejects no numbers, so each needs exactly one pair.
 *
 * Bailey ("Polar generation of random variates with the t-distribution", Mathematics of Computation
 * 62(206), 1994): if U and V are uniform, T = √(ν (U^(−2/ν) − 1)) cos 2πV has Student's t distribution with
 * ν degrees of freedom, for any ν > 0. If B has the distribution Beta(ν/2, ν/2), 2B − 1 is distributed as T
 * / √(ν + T²). With ν = 2α and q = U^(1/α):
 *
 *     B = ½ + ½ c √(1 − q) / √(q + (1 − q) c²)        c = cos 2πV
 */
export function symmetricBeta([first, second]: readonly [Tensor, Tensor], alpha: number): Tensor {
  const u = add(unitInterval(first), 2 ** -24); // in (0, 1]
  const q = exp(mul(log(u), 1 / alpha));
  const rest = sub(1, q);
  const c = cosTurns(unitInterval(second));
  // if both q and c are 0, which is very unlikely, B is ½
  const square = max(add(q, mul(rest, mul(c, c))), 2 ** -100);
  return add(mul(div(mul(c, sqrt(rest)), sqrt(square)), 0.5), 0.5);
}

export const mixupEntry: Entry<MixupOptions, Augmentation> = entry({
  doc: "Mixes each image and its label with those of another sample (Zhang et al., 2018)",
  options,
  create: mixup,
});
