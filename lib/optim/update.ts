/**
 * The update of a parameter group: its optimizer, with regularization before and after.
 *
 * @module
 */
import type { Tensors } from "../nn/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import type { StepInputs } from "./optimizers/mod.ts";
import type { UpdateGroup } from "./parameter_groups.ts";
import { addPenalties, applyMaxNorm, applyWeightDecay } from "./regularize.ts";

/** Parameters of a group and the slots of its optimizer, before or after an update. */
export interface GroupState {
  /** Parameters [size]. */
  readonly params: Tensor;
  /** Slots by name: vectors [size], or numbers []. */
  readonly slots: Tensors;
}

/**
 * Computes the parameters and slots of a group after an update. The gradient [size] has been clipped before,
 * if training clips it.
 */
export function updateGroup(
  group: UpdateGroup,
  { params, slots }: GroupState,
  gradient: Tensor,
  { rate, step }: Pick<StepInputs, "rate" | "step">,
): GroupState {
  const { optimizer, regularization, parameters } = group;
  const after = optimizer.update(
    applyWeightDecay(params, rate, regularization),
    addPenalties(gradient, params, regularization),
    slots,
    { rate, step, parameters },
  );
  return { params: applyMaxNorm(group, after.params, regularization), slots: after.slots };
}

/**
 * Returns the shape of a slot of a group's optimizer: [size], with a number for each parameter, or [] if the
 * slot is one number for the whole group.
 */
export function slotShape(
  { size, optimizer }: Pick<UpdateGroup, "size" | "optimizer">,
  slot: string,
): readonly number[] {
  return optimizer.numbers?.includes(slot) === true ? [] : [size];
}
