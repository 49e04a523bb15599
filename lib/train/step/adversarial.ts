/**
 * Adversarial training: each batch is learned from twice, as it is, and moved to where its loss rises
 * most steeply.
 *
 *     x̃ = x + ε g / ‖g‖                     g = dL/dx   row by row: [batch, features]
 *     J = (1 − α) L(x) + α L(x̃)             x̃ counts as given: J's gradient does not go through it
 *
 * Goodfellow, Shlens and Szegedy ("Explaining and harnessing adversarial examples", ICLR 2015, section 6)
 * move by ε sign(g), no feature by more than ε, and take α = ½. Here it is the length of the whole move
 * that is ε, as for the adversarial training that Miyato, Maeda, Koyama, Nakae and Ishii compare with
 * ("Distributional smoothing with virtual adversarial training", ICLR 2016). It does not ask where in an
 * image a pixel lies.
 *
 * A step takes about twice as long and more: the second pass forward and backward begins with numbers
 * that are hardly ever zero.
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

/** How batches are moved. */
export interface Adversarial {
  /** ε, the length of the move, in units of what the network sees: normalized features. */
  readonly radius: number;
  /** α, the share of the moved batch in what is learned. */
  readonly share?: number | undefined;
}

const SHARE = 0.5;

/** How batches are moved, as a config says it. */
export const adversarialSchema: Schema<Adversarial> = z.strictObject({
  radius: z.number().positive()
    .describe("how far each sample is moved, as a length in the space of its normalized features"),
  share: z.number().gt(0).max(1).optional()
    .describe(`share of the moved samples in what is learned; ${SHARE} if not given`),
});

/**
 * Rows x moved by a length along the gradients dx of their losses, [batch, features] each. A row whose
 * gradient is 0 stays where it is.
 *
 * Each gradient is divided by its largest number before it is squared: those of samples that the network
 * is sure of are so small that their squares would be 0.
 */
export function movedUphill(x: Tensor, dx: Tensor, { radius }: Adversarial): Tensor {
  const features = dimension(x, 1);
  const largest = max(abs(dx), "columns");
  const safe = select(equal(largest, 0), 1, largest);
  const direction = div(dx, broadcastColumn(safe, features));
  const length = sqrt(sum(mul(direction, direction), "columns"));
  const factor = div(radius, select(equal(length, 0), 1, length));
  return add(x, mul(direction, broadcastColumn(factor, features)));
}

/** Gradients of (1 − α) L(x) + α L(x̃), of those of both, by name. */
export function joined(given: Tensors, moved: Tensors, { share = SHARE }: Adversarial): Tensors {
  return Object.fromEntries(
    Object.entries(given).map(([name, gradient]) => [
      name,
      add(mul(gradient, 1 - share), mul(moved[name], share)),
    ]),
  );
}
