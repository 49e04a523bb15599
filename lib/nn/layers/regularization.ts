import { z } from "zod";
import type { Schema } from "../../config/registry.ts";
import type { Regularization } from "./layer.ts";

/** Options that keep weights small; what a layer does not say, the training stage says for all. */
export const regularizationSchema: Schema<Regularization> = z.strictObject({
  l1: z.number().min(0).optional()
    .describe("penalty l1 sum |w|: its derivative is added to the gradient; weights become 0"),
  l2: z.number().min(0).optional()
    .describe("penalty l2 / 2 sum w^2: its derivative l2 w is added to the gradient"),
  weightDecay: z.number().min(0).optional()
    .describe("each step takes away rate weightDecay w, past the optimizer (decoupled)"),
  maxNorm: z.number().positive().optional()
    .describe("length that the weights into a unit may have at most; longer ones are shortened"),
});
