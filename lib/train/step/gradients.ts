/**
 * Forward, loss and backward of a batch, or of some of its micro-batches.
 *
 * @module
 */
import { type Origin, originsOf, type Tensors } from "../../nn/mod.ts";
import { MOST_TERMS_IN_PARTS } from "../../engine/compiler/form.ts";
import { vectorOf } from "../../optim/parameter_groups.ts";
import { add, dimension, mul, reshape, slice, sum, type Tensor } from "../../tensor/mod.ts";
import { type Adversarial, adversarialSamples, combineGradients } from "./adversarial.ts";
import { numberInput, sampleInput } from "./inputs.ts";
import { lossAndGradients } from "./loss_and_gradients.ts";
import { sumByMicroBatches } from "./micro_batch_sums.ts";
import { correctness, mixedLoss } from "./mixing.ts";
import { networkInputs } from "./network_inputs.ts";
import type { TrainingOptions } from "./options.ts";
import {
  addByTree,
  type Leaves,
  microBatchRows,
  type RowRange,
} from "../../tensor/micro_batches.ts";

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
  /** Layer and pass to which each tensor belongs. */
  readonly origins: readonly Origin[];
}

/**
 * Builds forward, loss and backward of consecutive micro-batches of a batch, and adds their results by the
 * tree of `lib/tensor/micro_batches.ts`. `leaves` defaults to all micro-batches. Returns undefined if the
 * micro-batches have no samples.
 *
 * With adversarial training, losses and layer states are those of the original samples.
 */
export function batchGradients(
  options: TrainingOptions,
  leaves: Leaves = { from: 0, to: options.shards ?? 1 },
): BatchGradients | undefined {
  const { shards = 1, batch } = options;
  const rowsOf = ({ from, to }: Leaves): RowRange => {
    const [{ first }, last] = [from, to - 1].map((index) => microBatchRows(batch, shards, index));
    return { first, count: last.first + last.count - first };
  };
  const ofNode = (node: Leaves) => {
    const isLeaf = node.to - node.from === 1;
    const rows = rowsOf(node);
    if (rows.count === 0 || !isLeaf && node !== leaves) return undefined;
    return rowsGradients(options, rows, node.to - node.from);
  };
  return addByTree(leaves, ofNode, addBatchGradients);
}

/**
 * Builds forward, loss and backward of consecutive samples of a batch.
 *
 * @param parts number of micro-batches of which the samples consist
 * @returns undefined if there are several micro-batches that cannot be computed together
 */
function rowsGradients(
  options: TrainingOptions,
  { first, count }: RowRange,
  parts: number,
): BatchGradients | undefined {
  const { network, groups, batch, seed, adversarial } = options;
  const isTogether = parts > 1 && count > 1;
  const ofBatch = (tensor: Tensor) => count === batch ? tensor : slice(tensor, first, [count]);
  const rows = ofBatch(sampleInput("rows", batch));
  const { x, mix, parameters, state, origins } = networkInputs(options, rows);
  const context = { state, training: { seed, samples: rows, step: numberInput("step") } };

  const isApart = mix !== undefined || adversarial !== undefined || network.state.length > 0 ||
    count > MOST_TERMS_IN_PARTS;
  if (isTogether && isApart) return undefined;

  const labels = ofBatch(sampleInput("labels", batch));
  const loss = mixedLoss(options.loss, mix);
  const model = { network, loss, parameters, context, samples: batch };
  const clean = lossAndGradients(model, x, labels);
  const perturbed = adversarial &&
    lossAndGradients(model, adversarialSamples(x, clean.dx, adversarial), labels);
  const whole = perturbed === undefined
    ? clean.grads
    : combineGradients(clean.grads, perturbed.grads, adversarial as Adversarial);
  const inputs = [rows, labels];
  const divided = isTogether
    ? sumByMicroBatches(whole, { inputs, count, parts }, originsOf(clean.origins))
    : { outputs: whole, origins: new Map() };
  if (divided === undefined) return undefined;
  const sumOf = (values: Tensor) => sumInMicroBatches(values, isTogether ? parts : 1);
  const sums = {
    loss: sumOf(clean.losses),
    correct: sumOf(correctness(clean.probabilities, labels, mix)),
  };
  return {
    gradients: groups.map((group) => vectorOf(group, divided.outputs)),
    ...sums,
    state: count === batch ? clean.state : scaleTensors(clean.state, count / batch),
    origins: [
      ...origins,
      ...clean.origins,
      ...(perturbed?.origins ?? []),
      { name: "loss", tensors: Object.values(sums) },
      ...[...divided.origins].map(([tensor, name]) => ({ name, tensors: [tensor] })),
    ],
  };
}

/**
 * Sums a vector [n], which has one element for each sample: first in each of `parts` micro-batches, then over
 * micro-batches in the order of the tree → [].
 */
function sumInMicroBatches(values: Tensor, parts: number): Tensor {
  const ofLeaf = ({ from, to }: Leaves) => {
    const { first, count } = microBatchRows(dimension(values, 0), parts, from);
    if (to - from > 1 || count === 0) return undefined;
    return sumElements(parts === 1 ? values : slice(values, first, [count]));
  };
  return addByTree({ from: 0, to: parts }, ofLeaf, add) as Tensor;
}

/** Adds the results of two nodes of the tree of micro-batches. Their origins are joined. */
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
