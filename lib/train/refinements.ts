/**
 * What a config may say of training besides network, loss, optimizer, rate and length: each refines the
 * plain loop, and none costs anything where it is not asked for.
 *
 * @module
 */

import { z } from "zod";
import type { Named, Schema } from "../config/registry.ts";
import { deformations } from "../data/augment/mod.ts";
import { type Regularization, regularizationSchema } from "../nn/mod.ts";
import { averagings } from "../optim/averaging/mod.ts";
import { type Adversarial, adversarialSchema } from "./step/adversarial.ts";
import { type Clip, clipSchema } from "../optim/clip.ts";
import type { Every } from "./fit.ts";
import { type Metric, metricSchema } from "../evaluate/monitor.ts";
import { type EarlyStopping, earlyStoppingSchema } from "./early_stopping.ts";

/** Refinements of training. */
interface Refinements {
  /** What is done to images anew at each step, in this order. */
  readonly deform?: readonly Named<typeof deformations>[] | undefined;
  /** How batches are moved, to be learned from once more. */
  readonly adversarial?: Adversarial | undefined;
  /** What keeps weights small, where layers say nothing else. */
  readonly regularization?: Regularization | undefined;
  /** Limits of the gradient. */
  readonly clip?: Clip | undefined;
  /** Batches to an update, 1 if not given. */
  readonly accumulate?: number | undefined;
  /** Mean of the weights that is kept, and becomes the model's. */
  readonly averaging?: Named<typeof averagings> | undefined;
  /** When the validation part is scored; at the end of each epoch if not given. */
  readonly validateEvery?: Every | undefined;
  /** When training ends before its last epoch. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** What the best checkpoint is told by, which is kept. */
  readonly best?: Metric | undefined;
  /** Last checkpoints that are kept, 1 if not given. */
  readonly keepCheckpoints?: number | undefined;
}

const count = z.int().min(1).max(1_000_000);

/** The options of {@linkcode Refinements} in a config. */
export const refinements = {
  deform: z.lazy(() => z.array(deformations.schema).max(16)).optional()
    .describe("what is done to the training images anew at each step, one after the other"),
  adversarial: adversarialSchema.optional().describe(
    "learns from each batch once more, moved to where its loss rises most steeply",
  ),
  regularization: regularizationSchema.optional()
    .describe("what keeps weights small, where a layer says nothing else; biases are left alone"),
  clip: clipSchema.optional().describe("limits of the gradient"),
  accumulate: count.optional()
    .describe("batches whose gradients make up an update, each of them a step; 1 if not given"),
  averaging: z.lazy(() => averagings.schema).optional()
    .describe("mean of the weights, scored beside them; the model has it in the end"),
  validateEvery: z.union([
    z.strictObject({ epochs: count.describe("epochs from one score to the next") }),
    z.strictObject({ steps: count.describe("steps from one score to the next") }),
  ]).optional().describe("when the validation part is scored; each epoch if not given"),
  earlyStopping: earlyStoppingSchema.optional()
    .describe("ends training when scores have not become better for a while"),
  best: metricSchema.optional().describe(
    "keeps the checkpoint that is best by this as well; earlyStopping restores that one",
  ),
  keepCheckpoints: count.optional()
    .describe("how many of the last checkpoints are kept; 1 if not given"),
} satisfies Readonly<Record<keyof Refinements, Schema<unknown>>>;
