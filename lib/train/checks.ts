/**
 * Checks of a training's options that can be made before its first step.
 *
 * @module
 */
import { withDefaults } from "../config/registry.ts";
import { forward } from "../nn/mod.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { input, type Shape, sizeOf } from "../tensor/mod.ts";
import { bestKeeper } from "./best_checkpoint.ts";
import { earlyStoppingSchema } from "./early_stopping.ts";
import type { FitOptions } from "./options.ts";
import { updateGroups } from "../optim/parameter_groups.ts";
import { type Batches, batchesOf } from "./batches.ts";
import { initialState } from "./step/step.ts";
import { numberInput, sampleInput } from "./step/inputs.ts";
import { microBatchOf } from "./step/shards.ts";

/**
 * Checks that every monitored metric will be computed: scores of a validation split need one, scores of
 * averaged weights need averaging.
 *
 * @throws {RangeError} if one will not be
 */
export function expectScores(
  { validation, averaging, best, earlyStopping, learningRate }: Omit<FitOptions, "seed">,
): void {
  const stopping = earlyStopping && withDefaults(earlyStoppingSchema, earlyStopping).metric;
  const metrics = [best, stopping, learningRate.watches];
  for (const metric of metrics) {
    if (metric === undefined) continue;
    const missing = metric.startsWith("train.")
      ? undefined
      : validation === undefined
      ? "a validation split"
      : metric.startsWith("average.") && averaging === undefined
      ? "averaged weights"
      : undefined;
    if (missing === undefined) continue;
    throw new RangeError(`Cannot monitor "${metric}": expected ${missing}: received none`);
  }
}

/**
 * Checks that training can resume from the checkpoint in its options: its step, the size of every state
 * tensor, and the best checkpoint. Needs no session, so that nothing is compiled before.
 *
 * @throws {RangeError} if it cannot
 */
export function expectCheckpoint(options: FitOptions): void {
  const { from, network, epochs, train, batchSize, accumulate = 1, averaging, seed } = options;
  if (from === undefined) return;
  expectPosition(from, batchesOf(train.rows.length, batchSize), epochs);
  const groups = updateGroups(network, options);
  const averages = averaging !== undefined;
  const first = initialState({ network, groups, seed, accumulates: accumulate > 1, averages });
  for (const [name, { shape }] of Object.entries(first)) {
    const [expected, received] = [sizeOf(shape), from.state.get(name)?.length];
    if (received === expected) continue;
    throw new RangeError(
      `Cannot resume: expected ${expected} numbers of "${name}" for this network and optimizer: ` +
        `received ${received ?? "none"}`,
    );
  }
  bestKeeper(options);
}

/**
 * Checks that a checkpoint's step lies in its epoch, and its epoch in the training.
 *
 * @throws {RangeError} if not
 */
export function expectPosition(
  { position: { epoch, step } }: Checkpoint,
  { steps }: Batches,
  epochs: number,
): void {
  const least = epoch * steps;
  const most = epoch < epochs ? least + steps - 1 : least;
  if (epoch <= epochs && step >= least && step <= most) return;
  throw new RangeError(
    `Cannot resume: expected a step of the ${steps} in each of ${epochs} epochs: ` +
      `received step ${step} after ${epoch} epochs`,
  );
}

/**
 * Checks that the layers accept every size of a micro-batch that occurs, and that the loss accepts their output.
 *
 * @throws {TypeError | RangeError} as the layer or the loss does
 */
export function expectBatches(
  { network, loss, train, batchSize, shards = 1 }: Omit<FitOptions, "seed">,
): void {
  const { size, whole, rest } = batchesOf(train.rows.length, batchSize);
  const inputs = (specs: readonly { readonly name: string; readonly shape: Shape }[]) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, shape)]));
  const [parameters, state] = [inputs(network.parameters), inputs(network.state)];
  const sizes = [size, rest].flatMap((batch) => {
    const [largest, smallest] = [0, Math.min(shards, batch) - 1]
      .map((index) => microBatchOf(batch, shards, index));
    return (batch === size ? whole > 0 : batch > 0) ? [largest.count, smallest.count] : [];
  });
  for (const batch of new Set(sizes)) {
    const [samples, step] = [sampleInput("rows", batch), numberInput("step")];
    const context = { state, training: { seed: 0, samples, step } };
    const { y } = forward(network, parameters, input("x", [batch, network.inputs]), context);
    loss.forward(y, sampleInput("labels", batch));
  }
}
