/**
 * Updates as expressions, by themselves: what the training step does with an optimizer.
 *
 * @module
 */

import type { Tensors } from "../../lib/nn/mod.ts";
import type { Optimizer, PlacedParameter } from "../../lib/train/mod.ts";
import { applyWeightDecay } from "../../lib/optim/regularize.ts";
import { input, type Shape, sizeOf, type Tensor } from "../../lib/tensor/mod.ts";
import type { Values } from "../train/walk.ts";

/** Parameters one after the other, by name and shape. */
export function placed(
  shapes: Readonly<Record<string, readonly number[]>>,
): readonly PlacedParameter[] {
  let offset = 0;
  return Object.entries(shapes).map(([name, shape]) => {
    const parameter = { name, shape, offset };
    offset += sizeOf(shape);
    return parameter;
  });
}

/** Number of elements of some parameters. */
export function sizeOfAll(parameters: readonly PlacedParameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Shape of an optimizer's slot, for vectors of so many elements. */
export function slotShape({ numbers = [] }: Optimizer, slot: string, size: number): Shape {
  return numbers.includes(slot) ? [] : [size];
}

/** The slots before the first step. */
export function emptySlots(optimizer: Optimizer, size: number): Values {
  return Object.fromEntries(
    optimizer.slots.map((slot) => [slot, Array(sizeOf(slotShape(optimizer, slot, size))).fill(0)]),
  );
}

/** The inputs that an update reads, by name: "params", "grads", each slot, "rate", "step". */
export function updateInputs(optimizer: Optimizer, size: number): {
  readonly params: Tensor;
  readonly grads: Tensor;
  readonly slots: Tensors;
  readonly rate: Tensor;
  readonly step: Tensor;
} {
  const slots = optimizer.slots.map((
    slot,
  ) => [slot, input(slot, slotShape(optimizer, slot, size))]);
  return {
    params: input("params", [size]),
    grads: input("grads", [size]),
    slots: Object.fromEntries(slots),
    rate: input("rate", []),
    step: input("step", [], "integer"),
  };
}

/**
 * The successors of "params" and of each slot, after one update.
 *
 * All parameters are decayed by what the optimizer asks for; the training step spares biases.
 */
export function updated(optimizer: Optimizer, parameters: readonly PlacedParameter[]): Tensors {
  const { params, grads, slots, rate, step } = updateInputs(optimizer, sizeOfAll(parameters));
  const { weightDecay = 0 } = optimizer;
  const before = applyWeightDecay(params, rate, { weightDecay });
  const after = optimizer.update(before, grads, slots, { rate, step, parameters });
  return { params: after.params, ...after.slots };
}
