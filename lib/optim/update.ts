/**
 * The update of a parameter group: its optimizer, with regularization before and after.
 *
 * @module
 */
import type { Tensors } from "../nn/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import type { StepInputs } from "./optimizers/mod.ts";
import type { UpdateGroup } from "./parameter_groups.ts";
import { constrained, decayed, penalized } from "./regularize.ts";

/** Parameters of a group and the slots of its optimizer, before or after an update. */
export interface GroupState {
  /** Parameters [size]. */
  readonly params: Tensor;
  /** Slots by name: vectors [size], or numbers []. */
  readonly slots: Tensors;
}

/** Computes parameters and slots of a group after an update by a gradient [size], clipped if it is to be. */
export function updateGroup(
  group: UpdateGroup,
  { params, slots }: GroupState,
  gradient: Tensor,
  { rate, step }: Pick<StepInputs, "rate" | "step">,
): GroupState {
  const { optimizer, regularization, parameters } = group;
  const after = optimizer.update(
    decayed(params, rate, regularization),
    penalized(gradient, params, regularization),
    slots,
    { rate, step, parameters },
  );
  return { params: constrained(group, after.params, regularization), slots: after.slots };
}

/** Returns the shape of a slot of a group's optimizer: one number for each parameter [size], or one for all []. */
export function slotShape(
  { size, optimizer }: Pick<UpdateGroup, "size" | "optimizer">,
  slot: string,
): readonly number[] {
  return optimizer.numbers?.includes(slot) === true ? [] : [size];
}
