/**
 * What an optimizer is: the equation that leads from parameters and gradients to better parameters.
 *
 * @module
 */

import type { Tensors } from "../../nn/mod.ts";
import type { Tensor } from "../../tensor/mod.ts";

/** What changes from step to step. */
export interface StepInputs {
  /** Learning rate of this step, []. */
  readonly rate: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
}

/** A pure rule of update; parameters, gradients and each slot are vectors of one length. */
export interface Optimizer<Slot extends string = string> {
  /** Names of what it remembers of earlier steps; all start at zero. */
  readonly slots: readonly Slot[];
  /** Parameters and slots after the step. */
  update(
    params: Tensor,
    grads: Tensor,
    slots: Tensors<Slot>,
    inputs: StepInputs,
  ): { readonly params: Tensor; readonly slots: Tensors<Slot> };
}
