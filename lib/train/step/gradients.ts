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
import { addByTree, type Leaves, microBatchRows, type RowRange } from "./shards.ts";

/** Results of forward, loss and backward, added up over the samples of one or more micro-batches. */
export interface BatchGradients {
  /**
   * Gradient of each group [size]: the part of the gradient of the batch's mean loss that these samples
   * contribute.
   */
  readonly gradients: readonly Tensor[];
  /** Sum of the samples' losses []. */
  readonly loss: Tensor;
  /** Number of right predictions []. */
  readonly correct: Tensor;
  /** Layer states after the step, by name, multiplied by these samples' fraction of the batch. */
  readonly state: Tensors;
  readonly origins: readonly Origin[];
}

/**
 * Builds forward, loss and backward of consecutive micro-batches of a batch, by default of all, and adds
 * their results by the tree of `shards.ts`. Returns undefined if the micro-batches have no samples.
 *
 * With adversarial training, losses and layer states are those of the original samples.
 */
export function batchGradients(
  options: TrainingOptions,
  leaves: Leaves = { from: 0, to: options.shards ?? 1 },
): BatchGradients | undefined {
  const { shards = 1 } = options;
  const ofLeaf = ({ from, to }: Leaves) => {
    const rows = microBatchRows(options.batch, shards, from);
    return to - from > 1 || rows.count === 0 ? undefined : microBatchGradients(options, rows);
  };
  return addByTree(leaves, ofLeaf, addBatchGradients);
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
    loss: sumElements(clean.losses),
    correct: sumElements(correctness(clean.probabilities, labels, mix)),
  };
  return {
    gradients: groups.map((group) => vectorOf(group, grads)),
    ...sums,
    state: count === batch ? clean.state : scaleTensors(clean.state, count / batch),
    origins: [
      ...origins,
      ...clean.origins,
      ...(perturbed?.origins ?? []),
      { name: "loss", tensors: Object.values(sums) },
    ],
  };
}

/** Adds the results of two nodes of the tree. */
export function addBatchGradients(a: BatchGradients, b: BatchGradients): BatchGradients {
  const gradients = a.gradients.map((gradient, group) => add(gradient, b.gradients[group]));
  const state = Object.fromEntries(
    Object.entries(a.state).map(([name, tensor]) => [name, add(tensor, b.state[name])]),
  );
  const [loss, correct] = [add(a.loss, b.loss), add(a.correct, b.correct)];
  const sums = [...gradients, ...Object.values(state), loss, correct];
  const origins = [...a.origins, ...b.origins, { name: "sum over micro-batches", tensors: sums }];
  return { gradients, loss, correct, state, origins };
}

function scaleTensors(tensors: Tensors, factor: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, mul(tensor, factor)]),
  );
}

/** Sums a vector's elements in rising order: [n] → []. */
function sumElements(vector: Tensor): Tensor {
  return reshape(sum(reshape(vector, [1, dimension(vector, 0)]), "columns"), []);
}
