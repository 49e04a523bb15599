import type { Tensors } from "../../nn/mod.ts";
import type { Shape, Tensor } from "../../tensor/mod.ts";

/** A parameter at its place in the vector of its group. */
export interface PlacedParameter {
  /** Name in the network, for example "dense1.weight". */
  readonly name: string;
  /** Shape of its view. */
  readonly shape: Shape;
  /** Where its elements begin, row-major. */
  readonly offset: number;
}

/** What an update is told besides parameters, gradients and slots. */
export interface StepInputs {
  /** Learning rate of this step, []. */
  readonly rate: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
  /** The parameters that make up the vectors, for rules that look at each of them by itself. */
  readonly parameters: readonly PlacedParameter[];
}

/**
 * A pure rule of update. Parameters, gradients and slots are vectors of one length; a rule that looks at
 * whole matrices finds them at the places that {@linkcode StepInputs.parameters} gives.
 */
export interface Optimizer<Slot extends string = string> {
  /** Names of what it remembers of earlier steps; all start at zero. */
  readonly slots: readonly Slot[];
  /** Those of the slots that are a single number [] in place of a vector; none if not given. */
  readonly numbers?: readonly Slot[];
  /**
   * Decoupled weight decay of weights for which nothing else is said; 0 if not given. The training
   * step applies it, p − rate · decay · p, before the rule sees the parameters.
   */
  readonly weightDecay?: number;
  /** Rule for the parameters that {@linkcode Optimizer.takes} refuses. */
  readonly others?: Optimizer;
  /** Whether the rule is for a parameter; it is for all if not given. */
  takes?(parameter: OptimizedParameter): boolean;
  /** Parameters and slots after the step. */
  update(
    params: Tensor,
    grads: Tensor,
    slots: Tensors<Slot>,
    inputs: StepInputs,
  ): { readonly params: Tensor; readonly slots: Tensors<Slot> };
}

/** What an optimizer may choose a parameter by. */
export interface OptimizedParameter {
  /** Name in the network: "dense2.weight". */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Whether it is a weight matrix between two hidden layers: neither the first nor the last. */
  readonly isHidden: boolean;
}
