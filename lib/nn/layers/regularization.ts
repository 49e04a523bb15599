/**
 * Schema of regularization options.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../config/registry.ts";
import type { Regularization } from "./layer.ts";

/**
 * Schema of regularization options. Values that a layer does not set default to those of the training stage.
 */
export const regularizationSchema: Schema<Regularization> = z.strictObject({
  l1: z.number().min(0).optional()
    .describe("penalty l1 sum |w|: its derivative is added to the gradient; weights become 0"),
  l2: z.number().min(0).optional()
    .describe("penalty l2 / 2 sum w^2: its derivative l2 w is added to the gradient"),
  weightDecay: z.number().min(0).optional()
    .describe(
      "decoupled weight decay: each step subtracts rate weightDecay w, beside the gradient",
    ),
  maxNorm: z.number().positive().optional()
    .describe("largest norm of the weights into a unit; larger weights are scaled down"),
});
