/**
 * Gradient clipping: no gradient changes the parameters by more than a limit.
 *
 *     by value    g' = −c if g < −c,  c if g > c,  else g        each number by itself
 *     by norm     g' = g c / max(‖g‖, c)                         ‖g‖ over all parameters
 *
 * By norm: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
 * (ICML 2013, algorithm 1). A gradient that is not longer than c stays as it is, bit for bit. If both are
 * asked for, numbers are limited first.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../config/registry.ts";
import { div, max, min, mul, type Tensor } from "../tensor/mod.ts";
import { globalNorm } from "./global_norm.ts";

/** Limits of a gradient. */
export interface Clip {
  /** Largest size of each number. */
  readonly value?: number | undefined;
  /** Largest length of the whole gradient. */
  readonly norm?: number | undefined;
}

/** Limits of a gradient as a config says them. */
export const clipSchema: Schema<Clip> = z.strictObject({
  value: z.number().positive().optional().describe("largest size of each number of a gradient"),
  norm: z.number().positive().optional()
    .describe("largest length of the gradient over all parameters; longer ones are shortened"),
});

/** The gradient, a vector for each group, within the limits. */
export function clipped(gradients: readonly Tensor[], { value, norm }: Clip): readonly Tensor[] {
  const limited = value === undefined
    ? gradients
    : gradients.map((gradient) => max(min(gradient, value), -value));
  if (norm === undefined) return limited;
  const share = div(norm, max(globalNorm(limited), norm));
  return limited.map((gradient) => mul(gradient, share));
}
