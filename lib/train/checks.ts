/**
 * Checks of a training's options that can be made before its first step.
 *
 * @module
 */
import { withDefaults } from "../config/registry.ts";
import { forward } from "../nn/mod.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { input, type Shape, sizeOf } from "../tensor/mod.ts";
import { bestCheckpointKeeper } from "./best_checkpoint.ts";
import { earlyStoppingSchema } from "./early_stopping.ts";
import type { FitOptions } from "./options.ts";
import { updateGroups } from "../optim/parameter_groups.ts";
import { type Batches, divideIntoBatches } from "./batches.ts";
import { initialState } from "./step/step.ts";
import { numberInput, sampleInput } from "./step/inputs.ts";
import { microBatchRows } from "../tensor/micro_batches.ts";

/**
 * Checks that training will compute every metric that it monitors: for the best checkpoint, for early stopping,
 * and for the schedule of the learning rate. Metrics of the validation split need a
 * validation split, and metrics of averaged weights need averaging too.
 *
 * @throws {RangeError} if a monitored metric will not be computed
 */
export function expectMetricsComputed(
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
 * Checks that training can resume from the checkpoint `from` of its options, if there is one: the
 * checkpoint's position, the length of every state tensor, and the best checkpoint. Compiles nothing.
 *
 * @throws {RangeError} if training cannot resume from that checkpoint
 */
export function expectResumable(options: FitOptions): void {
  const { from, network, epochs, train, batchSize, accumulate = 1, averaging, seed } = options;
  if (from === undefined) return;
  expectCheckpointPosition(from, divideIntoBatches(train.rows.length, batchSize), epochs);
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
  bestCheckpointKeeper(options);
}

/**
 * Checks that the epoch of a checkpoint lies in the training, and its step in that epoch.
 *
 * @throws {RangeError} if the epoch or the step lies outside
 */
export function expectCheckpointPosition(
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
 * Checks that the layers accept every size of a micro-batch that occurs in training, and that the loss
 * accepts the output of the network.
 *
 * @throws {TypeError | RangeError} as the layer or the loss does
 */
export function expectBatchSizesAccepted(
  { network, loss, train, batchSize, shards = 1 }: Omit<FitOptions, "seed">,
): void {
  const { size, whole, rest } = divideIntoBatches(train.rows.length, batchSize);
  const inputs = (specs: readonly { readonly name: string; readonly shape: Shape }[]) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, shape)]));
  const [parameters, state] = [inputs(network.parameters), inputs(network.state)];
  const sizes = [size, rest].flatMap((batch) => {
    const [largest, smallest] = [0, Math.min(shards, batch) - 1]
      .map((index) => microBatchRows(batch, shards, index));
    return (batch === size ? whole > 0 : batch > 0) ? [largest.count, smallest.count] : [];
  });
  for (const batch of new Set(sizes)) {
    const [samples, step] = [sampleInput("rows", batch), numberInput("step")];
    const context = { state, training: { seed: 0, samples, step } };
    const { y } = forward(network, parameters, input("x", [batch, network.inputs]), context);
    loss.forward(y, sampleInput("labels", batch));
  }
}
