/**
 * What is looked at of a network that is trained, as an expression: forward → loss → backward on some
 * samples as predictions are made, without deformations, dropout or an update.
 *
 * @module
 */

import { backward, forward, type Network, originsOf } from "../nn/mod.ts";
import { input, type Tensor } from "../tensor/mod.ts";
import { vectorOf } from "../optim/parameter_groups.ts";
import {
  gradientName,
  networkInputs,
  type PredictionOptions,
  type Step,
} from "../train/step/step.ts";

/** The output of a hidden layer. */
interface HiddenOutput {
  /** The layer whose output it is. */
  readonly layer: string;
  /** Index of the layer that reads it. */
  readonly readBy: number;
  /** Its width. */
  readonly units: number;
}

/**
 * The outputs of the hidden layers: what layers with weights read that is not the input of the network.
 * So an activation function or a normalization belongs to the weights before it, and counts by its
 * output; a residual block is one layer.
 */
export function hiddenOutputs({ layers }: Network): readonly HiddenOutput[] {
  const weighted = layers.flatMap(({ parameters }, index) =>
    parameters.some(({ role }) => role === "weight") ? [index] : []
  );
  return weighted.slice(1).map((readBy) => {
    let last = readBy - 1;
    while (layers[last]?.layer.category === "noise") last--; // which passes its input on
    const { inputs: units } = layers[readBy];
    return { layer: layers[last]?.name, readBy, units };
  });
}

/** Name of a hidden layer's output among those of {@linkcode observationStep}. */
export function hiddenName({ layer }: HiddenOutput): string {
  return `hidden.${layer}`;
}

/**
 * Outputs: "hidden.relu1" [batch, units] and the like, see {@linkcode hiddenOutputs}; and "all.gradient"
 * of each group of parameters [size], the gradient of the mean loss by them, penalties left out.
 */
export function observationStep(options: PredictionOptions): Step {
  const { network, loss, groups, batch } = options;
  const { x, parameters, state, made } = networkInputs(options);
  const context = { state, training: undefined };
  const passed = forward(network, parameters, x, context);
  const labels = input("labels", [batch], "integer");
  const dy = loss.backward(passed.y, labels);
  const { grads, made: madeBackward } = backward(network, parameters, passed, { dy, context });
  const gradients = groups.map((group): [string, Tensor] => [
    gradientName(group),
    vectorOf(group, grads),
  ]);
  return {
    outputs: { ...hiddenTensors(network, passed.inputs), ...Object.fromEntries(gradients) },
    state: {},
    origins: originsOf([
      ...made,
      ...passed.made,
      { name: "backward of the loss", tensors: [dy] },
      ...madeBackward,
    ]),
  };
}

/** Output: "hidden.relu1" [batch, units] and the like, of the last hidden layer alone. */
export function embeddingStep(options: PredictionOptions): Step {
  const { network } = options;
  const { x, parameters, state, made } = networkInputs(options);
  const passed = forward(network, parameters, x, { state, training: undefined });
  const outputs = hiddenTensors(network, passed.inputs);
  return {
    outputs: Object.fromEntries(Object.entries(outputs).slice(-1)),
    state: {},
    origins: originsOf([...made, ...passed.made]),
  };
}

function hiddenTensors(network: Network, inputs: readonly Tensor[]): Step["outputs"] {
  return Object.fromEntries(
    hiddenOutputs(network).map((hidden) => [hiddenName(hidden), inputs[hidden.readBy]]),
  );
}
