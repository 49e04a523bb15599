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

/**
 * An update of parameters: one step of plain gradient descent or, if `own` is set, the next step of a
 * training's optimizer.
 */
export interface Update {
  /** Learning rate. */
  readonly rate: number;
  /** The training's optimizer and its state; undefined for plain gradient descent. */
  readonly own?: OptimizerUpdate | undefined;
}

/** The next update by a training's optimizer, with the state of the optimizer before it. */
export interface OptimizerUpdate {
  /** Name of the optimizer in configs: "adam". */
  readonly name: string;
  /** Description of the optimizer, and of its slots if they need one. */
  readonly doc: string;
  /** Groups of parameters, each with its update rule. */
  readonly groups: readonly UpdateGroup[];
  /** Clipping that the training applies to the gradient before the update. */
  readonly clip: Clip;
  /** Number of the update that follows, from 1. */
  readonly step: number;
  /**
   * Values of the training before the update by name, among them the slots of the optimizer. Undefined before
   * the first update: all slots are 0.
   */
  readonly state?: StateValues | undefined;
}

/**
 * State of an optimizer: the values that it keeps between steps for one parameter, or a single number [] for
 * all parameters.
 */
export interface Slot {
  /** Name of the slot: "velocity". */
  readonly slot: string;
  /** Name of the parameter: "dense1.weight"; undefined if the slot is a single number. */
  readonly parameter?: string;
  /** Name of the slot as an input of the expression: "dense1.weight.velocity". */
  readonly name: string;
  /** Value before the update: an input in the shape of the parameter, or [] for a single number. */
  readonly before: Tensor;
  /** Value after the update. */
  readonly after: Tensor;
}

/** An update as expressions of its inputs: parameters, gradients, rate, step number and slots. */
export interface UpdateExpression {
  /** Parameters after the update, by name. */
  readonly parameters: Tensors;
  /** Slots in the order of the parameters, each once. */
  readonly slots: readonly Slot[];
  /** The input "rate" []. */
  readonly rate: Tensor;
  /** The input "step" [], integer; undefined for plain gradient descent. */
  readonly step?: Tensor;
}

/**
 * Builds the expressions of an update. Learning rate, step number and slots are inputs.
 *
 * @param parameters parameters by name
 * @param grads gradient of the loss with respect to each parameter, by the name of the parameter
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
 * Splits a group of parameters with one update rule into groups of one parameter each, with the original group
 * as `of`. The update does not change, since optimizers treat each parameter separately.
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

/**
 * Returns the values of the inputs of {@linkcode buildUpdate}'s expressions by name: the rate and, for an
 * optimizer, the step number and the slots.
 */
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
