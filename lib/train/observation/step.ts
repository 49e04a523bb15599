/**
 * The expression of an observation: forward → loss → backward on some samples, in prediction mode, that is,
 * without augmentation, dropout or update.
 *
 * @module
 */
import { backward, forward, type Network, originsOf, type Tensors } from "../../nn/mod.ts";
import type { Tensor } from "../../tensor/mod.ts";
import { sampleInput } from "../step/inputs.ts";
import { networkInputs } from "../step/network_inputs.ts";
import type { PredictionOptions } from "../step/options.ts";
import type { Step } from "../step/step.ts";

/** Tensors of a forward and backward pass, from which an observer computes its outputs. */
export interface ObservedPass {
  /** The network. */
  readonly network: Network;
  /** Input of each layer [batch, …]. */
  readonly inputs: readonly Tensor[];
  /** Output of the last layer, before probabilities are computed [batch, outputs]. */
  readonly y: Tensor;
  /** Probability of each class [batch, classes]. */
  readonly probabilities: Tensor;
  /** Gradient of the mean loss, without penalties, with respect to each parameter, by name. */
  readonly grads: Tensors;
}

/**
 * Builds the step that computes an observer's outputs; `outputsOf` builds them from the tensors of a pass.
 * Tensors that no output needs are not computed.
 */
export function observationStep(
  options: PredictionOptions,
  outputsOf: (pass: ObservedPass) => Tensors,
): Step {
  const { network, loss, batch } = options;
  const { x, parameters, state, origins } = networkInputs(options);
  const context = { state, training: undefined };
  const passed = forward(network, parameters, x, context);
  const dy = loss.backward(passed.y, sampleInput("labels", batch));
  const { grads, origins: backwardOrigins } = backward(network, parameters, passed, {
    dy,
    context,
  });
  return {
    outputs: outputsOf({
      network,
      inputs: passed.inputs,
      y: passed.y,
      probabilities: loss.probabilities(passed.y),
      grads,
    }),
    state: {},
    origins: originsOf([
      ...origins,
      ...passed.origins,
      { name: "backward of the loss", tensors: [dy] },
      ...backwardOrigins,
    ]),
  };
}
