/**
 * Backpropagation: forward, loss and backward of one batch, as expressions; explained in
 * lib/docs/backprop.md.
 *
 * @module
 */
import {
  backward,
  forward,
  type Loss,
  type Network,
  type NetworkContext,
  type Origin,
  type Tensors,
} from "../../nn/mod.ts";
import type { Tensor } from "../../tensor/mod.ts";

/** A network, its parameters and its loss: the function that is differentiated. */
export interface DifferentiatedModel {
  readonly network: Network;
  readonly loss: Loss;
  /** Parameters by name. */
  readonly parameters: Tensors;
  /** Layer states, and the random numbers of a training step. */
  readonly context: NetworkContext;
  /** Number of samples by which the mean loss divides. Defaults to the number of rows of x. */
  readonly samples?: number;
}

/** The loss of a batch and its gradients. */
export interface LossAndGradients {
  /** Loss of each sample [batch]. */
  readonly losses: Tensor;
  /** Probability of each class [batch, classes]. */
  readonly probabilities: Tensor;
  /** Gradient of the mean loss with respect to each parameter, by name. */
  readonly grads: Tensors;
  /** Gradient of the mean loss with respect to x [batch, features]. */
  readonly dx: Tensor;
  /** Layer states after forward, by name. */
  readonly state: Tensors;
  /** Layer and pass to which each tensor belongs. */
  readonly origins: readonly Origin[];
}

/**
 * Builds the expressions of the loss of a batch x [batch, features] with labels [batch], and of the gradients
 * of the mean loss with respect to the parameters and x.
 *
 * @throws {TypeError} if shapes do not fit
 */
export function lossAndGradients(
  { network, loss, parameters, context, samples }: DifferentiatedModel,
  x: Tensor,
  labels: Tensor,
): LossAndGradients {
  const passed = forward(network, parameters, x, context);
  const { loss: losses, probabilities } = loss.forward(passed.y, labels);
  const dy = loss.backward(passed.y, labels, samples);
  const { grads, dx, origins } = backward(network, parameters, passed, { dy, context });
  const lossOrigins = [
    { name: "loss", tensors: [losses, probabilities] },
    { name: "backward of the loss", tensors: [dy] },
  ];
  const { state } = passed;
  return {
    losses,
    probabilities,
    grads,
    dx,
    state,
    origins: [...passed.origins, ...lossOrigins, ...origins],
  };
}
