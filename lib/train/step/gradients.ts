/**
 * Forward, loss and backward of a batch, or of some of its micro-batches.
 *
 * @module
 */
import type { Origin, Tensors } from "../../nn/mod.ts";
import { vectorOf } from "../../optim/parameter_groups.ts";
import { add, dimension, mul, reshape, slice, sum, type Tensor } from "../../tensor/mod.ts";
import { type Adversarial, adversarialSamples, combineGradients } from "./adversarial.ts";
import { numberInput, sampleInput } from "./inputs.ts";
import { lossAndGradients } from "./loss_and_gradients.ts";
import { correctness, mixedLoss } from "./mixing.ts";
import { networkInputs } from "./network_inputs.ts";
import type { TrainingOptions } from "./options.ts";
import { addByTree, type Leaves, microBatchOf, type RowRange } from "./shards.ts";

/** Results of forward, loss and backward, added over the samples of micro-batches. */
export interface BatchGradients {
  /** Part of the gradient of the batch's mean loss that is due to these samples, by group [size]. */
  readonly gradients: readonly Tensor[];
  /** Sum of the samples' losses []. */
  readonly loss: Tensor;
  /** Number of right predictions []. */
  readonly correct: Tensor;
  /** Layer states after the step, by name, times the fraction of the batch in these samples. */
  readonly state: Tensors;
  readonly origins: readonly Origin[];
}

/**
 * Builds forward, loss and backward of consecutive micro-batches of a batch, by default all, and adds their
 * results by the tree of `shards.ts`. Returns undefined if the batch has too few samples for any of them.
 *
 * With adversarial training, losses and layer states are those of the samples themselves.
 */
export function batchGradients(
  options: TrainingOptions,
  leaves: Leaves = { from: 0, to: options.shards ?? 1 },
): BatchGradients | undefined {
  const { shards = 1 } = options;
  const ofLeaf = ({ from, to }: Leaves) => {
    const rows = microBatchOf(options.batch, shards, from);
    return to - from > 1 || rows.count === 0 ? undefined : microBatchGradients(options, rows);
  };
  return addByTree(leaves, ofLeaf, added);
}

function microBatchGradients(options: TrainingOptions, { first, count }: RowRange): BatchGradients {
  const { network, groups, batch, seed, adversarial } = options;
  const ofBatch = (tensor: Tensor) => count === batch ? tensor : slice(tensor, first, [count]);
  const rows = ofBatch(sampleInput("rows", batch));
  const { x, mix, parameters, state, origins } = networkInputs(options, rows);
  const context = { state, training: { seed, samples: rows, step: numberInput("step") } };

  const labels = ofBatch(sampleInput("labels", batch));
  const loss = mixedLoss(options.loss, mix);
  const model = { network, loss, parameters, context, samples: batch };
  const clean = lossAndGradients(model, x, labels);
  const perturbed = adversarial &&
    lossAndGradients(model, adversarialSamples(x, clean.dx, adversarial), labels);
  const grads = perturbed === undefined
    ? clean.grads
    : combineGradients(clean.grads, perturbed.grads, adversarial as Adversarial);
  const sums = {
    loss: total(clean.losses),
    correct: total(correctness(clean.probabilities, labels, mix)),
  };
  return {
    gradients: groups.map((group) => vectorOf(group, grads)),
    ...sums,
    state: count === batch ? clean.state : scaled(clean.state, count / batch),
    origins: [
      ...origins,
      ...clean.origins,
      ...(perturbed?.origins ?? []),
      { name: "loss", tensors: Object.values(sums) },
    ],
  };
}

/** Adds the results of two nodes of the tree. */
export function added(a: BatchGradients, b: BatchGradients): BatchGradients {
  const gradients = a.gradients.map((gradient, group) => add(gradient, b.gradients[group]));
  const state = Object.fromEntries(
    Object.entries(a.state).map(([name, tensor]) => [name, add(tensor, b.state[name])]),
  );
  const [loss, correct] = [add(a.loss, b.loss), add(a.correct, b.correct)];
  const sums = [...gradients, ...Object.values(state), loss, correct];
  const origins = [...a.origins, ...b.origins, { name: "sum over micro-batches", tensors: sums }];
  return { gradients, loss, correct, state, origins };
}

function scaled(tensors: Tensors, factor: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, mul(tensor, factor)]),
  );
}

/** Sums a vector's elements in rising order: [n] → []. */
function total(vector: Tensor): Tensor {
  return reshape(sum(reshape(vector, [1, dimension(vector, 0)]), "columns"), []);
}
