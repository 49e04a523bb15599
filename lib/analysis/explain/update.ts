/**
 * Builds the update that an explanation shows, by the gradient of its sample: plain gradient descent, or the next update
 * by a training's optimizer.
 *
 * @module
 */
import { type Clip, clipGradient } from "../../optim/clip.ts";
import type { UpdateGroup } from "../../optim/parameter_groups.ts";
import { slotShape, updateGroup } from "../../optim/update.ts";
import type { Tensors } from "../../nn/mod.ts";
import { input, mul, reshape, sizeOf, sub, type Tensor } from "../../tensor/mod.ts";
import type { StateValues } from "../../train/state.ts";
import { slotName } from "../../train/step/options.ts";

/** An update of parameters: by the optimizer of a training if `own` is set, otherwise by plain gradient descent. */
export interface Update {
  /** Learning rate. */
  readonly rate: number;
  /** The next update by a training's optimizer; undefined for plain gradient descent. */
  readonly own?: OwnUpdate | undefined;
}

/** The next update by a training's optimizer, with the optimizer's state before it. */
export interface OwnUpdate {
  /** Name of the optimizer in configs: "adam". */
  readonly name: string;
  /** Description of the optimizer, and of its slots if they need one. */
  readonly doc: string;
  /** Parameters with the update rule of each. */
  readonly groups: readonly UpdateGroup[];
  /** Clipping of the gradient. */
  readonly clip: Clip;
  /** Number of the update, from 1. */
  readonly step: number;
  /** State of the training before the update, which has the optimizer's slots. Before training, undefined: all are 0. */
  readonly state?: StateValues | undefined;
}

/**
 * Numbers that an optimizer keeps between steps: those of one parameter, or a single number [] for all
 * parameters.
 */
export interface Slot {
  /** Name of the slot: "velocity". */
  readonly slot: string;
  /** Name of the parameter: "dense1.weight"; undefined if the slot is a single number. */
  readonly parameter?: string;
  /** Name of the slot as an input of the expression: "dense1.weight.velocity". */
  readonly name: string;
  /** Slot before the update, in the shape of the parameter. */
  readonly before: Tensor;
  /** Slot after the update. */
  readonly after: Tensor;
}

/** An update as an expression. */
export interface UpdateExpression {
  /** Parameters after the update, by name. */
  readonly parameters: Tensors;
  /** Slots in the order of the parameters. */
  readonly slots: readonly Slot[];
  /** The input "rate" []. */
  readonly rate: Tensor;
  /** The input "step" [], integer; undefined for plain gradient descent. */
  readonly step?: Tensor;
}

/**
 * Builds the expression of an update of parameters by their gradients. Both are given by the names of the
 * parameters.
 */
export function buildUpdate(
  parameters: Tensors,
  grads: Tensors,
  { own }: Update,
): UpdateExpression {
  const rate = input("rate", []);
  if (own === undefined) {
    const updated = Object.entries(parameters)
      .map(([name, p]) => [name, sub(p, mul(rate, grads[name]))] as const);
    return { parameters: Object.fromEntries(updated), slots: [], rate };
  }
  const step = input("step", [], "integer");
  const groups = own.groups.flatMap(splitGroup);
  const gradients = clipGradient(
    groups.map(({ name, size }) => reshape(grads[name], [size])),
    own.clip,
  );
  const updated = groups.map((group, index) => {
    const { name, size, of } = group;
    const { shape } = parameters[name];
    const before = group.optimizer.slots.map((slot) => {
      const isNumber = slotShape(group, slot).length === 0;
      const named = isNumber ? slotName(of, slot) : `${name}.${slot}`;
      const tensor = input(named, isNumber ? [] : shape);
      return { slot, isNumber, name: named, before: tensor };
    });
    const slots = Object.fromEntries(
      before.map((
        { slot, isNumber, before },
      ) => [slot, isNumber ? before : reshape(before, [size])]),
    );
    const params = reshape(parameters[name], [size]);
    const after = updateGroup(group, { params, slots }, gradients[index], { rate, step });
    return {
      name,
      params: reshape(after.params, shape),
      slots: before.map(({ isNumber, ...each }): Slot => ({
        ...each,
        ...(isNumber ? {} : { parameter: name }),
        after: reshape(after.slots[each.slot], each.before.shape),
      })),
    };
  });
  const slots = updated.flatMap(({ slots }) => slots);
  return {
    parameters: Object.fromEntries(updated.map(({ name, params }) => [name, params])),
    slots: slots.filter(({ name }, index) =>
      slots.findIndex((each) => each.name === name) === index
    ),
    rate,
    step,
  };
}

/**
 * Divides a group of parameters that share an update rule into groups of one parameter each. The update
 * does not change, since optimizers treat each parameter separately.
 */
function splitGroup(group: UpdateGroup): readonly (UpdateGroup & { readonly of: UpdateGroup })[] {
  return group.parameters.map((parameter) => ({
    ...group,
    name: parameter.name,
    parameters: [{ ...parameter, offset: 0 }],
    size: sizeOf(parameter.shape),
    of: group,
  }));
}

/** Returns the values of the inputs of an update's expression by name: rate, and an optimizer's step and slots. */
export function updateInputs(
  { rate, own }: Update,
): Readonly<Record<string, Float32Array | number[]>> {
  if (own === undefined) return { rate: [rate] };
  const slots = own.groups.flatMap((group) =>
    group.optimizer.slots.flatMap((slot): (readonly [string, Float32Array])[] => {
      const name = slotName(group, slot);
      const shape = slotShape(group, slot);
      const values = own.state?.get(name) ?? new Float32Array(sizeOf(shape));
      if (shape.length === 0) return [[name, values]];
      return group.parameters.map(({ name, shape, offset }) =>
        [`${name}.${slot}`, values.subarray(offset, offset + sizeOf(shape))] as const
      );
    })
  );
  return { rate: [rate], step: [own.step], ...Object.fromEntries(slots) };
}
