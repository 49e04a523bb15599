/**
 * The interface of optimizers.
 *
 * @module
 */
import type { Tensors } from "../../nn/mod.ts";
import type { Shape, Tensor } from "../../tensor/mod.ts";

/** A parameter with its position in the vector of its group. */
export interface PlacedParameter {
  /** Name in the network, for example "dense1.weight". */
  readonly name: string;
  /** Shape of the parameter. */
  readonly shape: Shape;
  /** Index of its first element in the vector; elements are row-major. */
  readonly offset: number;
}

/**
 * Settings of an update: the learning rate, the step's number, and the positions of parameters within the
 * vectors.
 */
export interface StepInputs {
  /** Learning rate of the step, []. */
  readonly rate: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
  /** Parameters within the vectors, for optimizers that treat each parameter separately. */
  readonly parameters: readonly PlacedParameter[];
}

/**
 * An optimizer: a pure update rule. Parameters, gradients and slots are vectors of one length;
 * {@linkcode StepInputs.parameters} locates the matrices within them.
 */
export interface Optimizer<Slot extends string = string> {
  /** Names of the optimizer's slots, the vectors of its state. They are 0 before the first step. */
  readonly slots: readonly Slot[];
  /** Names of those slots that are a single number [] instead of a vector. Defaults to none. */
  readonly numbers?: readonly Slot[];
  /**
   * Decoupled weight decay of weights for which neither the layer nor the run sets one. The training step
   * applies it before the update: p − rate · decay · p. Defaults to 0.
   */
  readonly weightDecay?: number;
  /** Optimizer of the parameters that {@linkcode Optimizer.takes} rejects. */
  readonly others?: Optimizer;
  /** Returns whether the optimizer updates a parameter. Defaults to all parameters. */
  takes?(parameter: OptimizedParameter): boolean;
  /** Builds the parameters and slots after a step from those before it and the gradients `grads`. */
  update(
    params: Tensor,
    grads: Tensor,
    slots: Tensors<Slot>,
    inputs: StepInputs,
  ): { readonly params: Tensor; readonly slots: Tensors<Slot> };
}

/** Properties of a parameter by which an optimizer decides whether to update it. */
export interface OptimizedParameter {
  /** Name in the network: "dense2.weight". */
  readonly name: string;
  /** Shape of the parameter. */
  readonly shape: readonly number[];
  /** Whether it is a weight matrix between two hidden layers, neither the first nor the last. */
  readonly isHidden: boolean;
}
