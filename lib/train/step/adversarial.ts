/**
 * Adversarial training: minimizes the loss of each batch x and of adversarial samples x̃, which are x plus a
 * small vector in the direction of the gradient of their loss.
 *
 *     x̃ = x + ε g / ‖g‖                     g = dL/dx   row by row: [batch, features]
 *     J = (1 − α) L(x) + α L(x̃)             x̃ is a constant: the gradient of J does not go through it
 *
 * Goodfellow, Shlens and Szegedy ("Explaining and harnessing adversarial examples", ICLR 2015, section 6)
 * add ε sign(g), so that no feature changes by more than ε, and use α = ½. Here ε is the Euclidean norm of the
 * added vector, as in the adversarial training with which Miyato, Maeda, Koyama, Nakae and Ishii compare
 * ("Distributional smoothing with virtual adversarial training", ICLR 2016).
 *
 * A step takes more than twice as long: it has a second forward and backward pass, whose input has
 * almost no zeros to leave out.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../config/registry.ts";
import type { Tensors } from "../../nn/mod.ts";
import {
  abs,
  add,
  broadcastColumn,
  dimension,
  div,
  equal,
  max,
  mul,
  select,
  sqrt,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";

/** Options of adversarial training. */
export interface Adversarial {
  /** ε, the Euclidean distance of each adversarial sample from its original, in units of normalized features. */
  readonly radius: number;
  /** α, the weight of the adversarial samples in the loss, above 0 and at most 1. Defaults to 0.5. */
  readonly share?: number | undefined;
}

/** Default of {@linkcode Adversarial.share}. */
const SHARE = 0.5;

/** Schema of the options of adversarial training. */
export const adversarialSchema: Schema<Adversarial> = z.strictObject({
  radius: z.number().positive()
    .describe("Euclidean norm of the move of each sample, in units of its normalized features"),
  share: z.number().gt(0).max(1).optional()
    .describe(`weight of the adversarial samples in the loss. Defaults to ${SHARE}`),
});

/**
 * Builds adversarial samples: adds to each row of x [batch, features] a vector of Euclidean norm `radius` in the
 * direction of dx [batch, features], the gradient of the row's loss. A row whose gradient is 0 is unchanged.
 *
 * Each gradient is divided by its largest element before it is squared, because the squares of small elements
 * would be 0. Elements are small where the network is sure of a sample.
 */
export function adversarialSamples(x: Tensor, dx: Tensor, { radius }: Adversarial): Tensor {
  const features = dimension(x, 1);
  const largest = max(abs(dx), "columns");
  const safe = select(equal(largest, 0), 1, largest);
  const direction = div(dx, broadcastColumn(safe, features));
  const length = sqrt(sum(mul(direction, direction), "columns"));
  const factor = div(radius, select(equal(length, 0), 1, length));
  return add(x, mul(direction, broadcastColumn(factor, features)));
}

/** Builds the gradients of (1 − α) L(x) + α L(x̃) by name, from those of L(x), `clean`, and L(x̃), `adversarial`. */
export function combineGradients(
  clean: Tensors,
  adversarial: Tensors,
  { share = SHARE }: Adversarial,
): Tensors {
  return Object.fromEntries(
    Object.entries(clean).map(([name, gradient]) => [
      name,
      add(mul(gradient, 1 - share), mul(adversarial[name], share)),
    ]),
  );
}
