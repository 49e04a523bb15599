/**
 * The training loop at its plainest: stochastic gradient descent by the reference interpreter, without
 * workers, sessions or a compiler. The page lib/docs/backprop.md explains it.
 *
 * @module
 */
import type { Normalization, Split } from "../data/dataset.ts";
import { evaluate as compute } from "../engine/reference/reference.ts";
import { initialParameters, type Loss, type Network } from "../nn/mod.ts";
import { gatherRows, input, key, mul, permutation, sub } from "../tensor/mod.ts";
import { storeSplitFeatures } from "./programs.ts";
import { lossAndGradients } from "./step/loss_and_gradients.ts";

/** Elements of each parameter by name, row-major. */
export type ParameterValues = Readonly<Record<string, Float32Array>>;

/** Options of {@linkcode trainPlainly}. */
export interface PlainTraining {
  /** Training samples. */
  readonly train: Split;
  /** Normalization of the features. It may scale features, but not shift them. */
  readonly normalization: Normalization;
  /** Network whose layers have no state and use no random numbers. */
  readonly network: Network;
  readonly loss: Loss;
  readonly learningRate: number;
  /** Number of passes over the training samples. */
  readonly epochs: number;
  /** Number of samples in a batch. */
  readonly batchSize: number;
  /** Seed of the initial parameters and of the order of the samples. */
  readonly seed: number;
}

/**
 * Trains a network and returns its parameters, with the same bits as `fit` with the optimizer `sgd`.
 *
 *     for each epoch, for each batch:  p' = p − rate · ∂loss/∂p
 */
export function trainPlainly(options: PlainTraining): ParameterValues {
  const { train: { rows, samples }, network, epochs, batchSize, seed } = options;
  let parameters = computeNamed(initialParameters(network, seed), (tensors) => compute(tensors));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(key(seed, "shuffle", epoch), rows.length);
    for (let at = 0; at < order.length; at += batchSize) {
      const batch = Array.from(order.subarray(at, at + batchSize), (index) => rows[index]);
      const labels = batch.map((row) => samples.labels[row]);
      parameters = applyGradientStep(options, parameters, { rows: batch, labels });
    }
  }
  return parameters;
}

/** Returns the parameters after one step of gradient descent on a batch, given those before it. */
function applyGradientStep(
  { network, loss, learningRate, train, normalization }: PlainTraining,
  parameters: ParameterValues,
  batch: { readonly rows: readonly number[]; readonly labels: readonly number[] },
): ParameterValues {
  const { source, sources } = storeSplitFeatures(train, normalization);
  const size = batch.rows.length;
  const x = gatherRows(source, input("rows", [size], "integer"));
  const labels = input("labels", [size], "integer");
  const before = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, input(name, shape)]),
  );
  const context = { state: {}, training: undefined };
  const { grads } = lossAndGradients({ network, loss, parameters: before, context }, x, labels);
  const after = Object.fromEntries(
    Object.entries(before).map(([name, p]) => [name, sub(p, mul(grads[name], learningRate))]),
  );
  return computeNamed(
    after,
    (tensors) => compute(tensors, { inputs: { ...parameters, ...batch }, sources }),
  );
}

/**
 * Calls `compute` once with a list of all items. Returns the elements that it computes for each item, by the
 * item's name.
 */
function computeNamed<Item>(
  items: Readonly<Record<string, Item>>,
  compute: (items: readonly Item[]) => readonly ArrayLike<number>[],
): ParameterValues {
  const values = compute(Object.values(items));
  return Object.fromEntries(
    Object.keys(items).map((name, index) => [name, Float32Array.from(values[index])]),
  );
}
