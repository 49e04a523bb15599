/**
 * Gradient clipping, which limits the gradient's elements or its norm.
 *
 *     by value    g' = −c if g < −c,  c if g > c,  else g        element by element
 *     by norm     g' = g c / max(‖g‖, c)                         ‖g‖ over all parameters
 *
 * By norm: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
 * (ICML 2013, algorithm 1). A gradient whose norm is at most c keeps its bits. With both limits, elements
 * are clipped first.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../config/registry.ts";
import { div, max, min, mul, type Tensor } from "../tensor/mod.ts";
import { globalNorm } from "./global_norm.ts";

/** Options of gradient clipping. */
export interface Clip {
  /** Largest absolute value of each element. */
  readonly value?: number | undefined;
  /** Largest norm of the gradient over all parameters. */
  readonly norm?: number | undefined;
}

/** Schema of the options of gradient clipping. */
export const clipSchema: Schema<Clip> = z.strictObject({
  value: z.number().positive().optional()
    .describe("largest absolute value of each element of the gradient"),
  norm: z.number().positive().optional()
    .describe("largest norm of the gradient over all parameters; larger gradients are scaled down"),
});

/** Clips a gradient, first its elements, then its norm. `gradients` has one vector for each parameter group. */
export function clipGradient(
  gradients: readonly Tensor[],
  { value, norm }: Clip,
): readonly Tensor[] {
  const limited = value === undefined
    ? gradients
    : gradients.map((gradient) => max(min(gradient, value), -value));
  if (norm === undefined) return limited;
  const factor = div(norm, max(globalNorm(limited), norm));
  return limited.map((gradient) => mul(gradient, factor));
}
