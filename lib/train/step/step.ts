/**
 * Steps as expressions. A training step is forward → loss → backward → update; steps of evaluation and
 * prediction end earlier.
 *
 * Inputs by name, besides those that differ from step to step (see `inputs.ts`):
 *
 *     shift          [features]        only if the normalization shifts, see `batch.ts`
 *     projection, offset               instead of "shift", if the normalization reduces
 *     augment1.field  [side, side]      and others: tensors that an augmentation has precomputed
 *
 * State by name. For each parameter group: the parameters, "all.parameters"; a vector for each slot of the
 * optimizer, "all.first"; the accumulated gradient, "all.gradient". For each layer: its state,
 * "batchNorm1.mean". Averages of parameters and layer states: "average.all.parameters".
 *
 * @module
 */
import {
  type Forward,
  forward,
  initialLayerState,
  initialParameters,
  type Origin,
  originsOf,
  type Tensors,
} from "../../nn/mod.ts";
import { add, argmax, div, fill, input, mul, sub, type Tensor } from "../../tensor/mod.ts";
import { clipGradient } from "../../optim/clip.ts";
import { type UpdateGroup, vectorOf } from "../../optim/parameter_groups.ts";
import { globalNorm } from "../../optim/global_norm.ts";
import type { StepInputs } from "../../optim/optimizers/mod.ts";
import { slotShape, updateGroup } from "../../optim/update.ts";
import { type BatchGradients, batchGradients } from "./gradients.ts";
import { numberInput, sampleInput } from "./inputs.ts";
import { networkInputs } from "./network_inputs.ts";
import {
  averageName,
  gradientName,
  parametersName,
  type PredictionOptions,
  slotName,
  type TrainingOptions,
} from "./options.ts";

/** A step: the expressions of its outputs, and of the state after it. */
export interface Step {
  /** Outputs by name. */
  readonly outputs: Tensors;
  /** New value of each state tensor that changes, by name. */
  readonly state: Tensors;
  /** Layer and pass to which each node belongs, for error messages. */
  readonly origins: ReadonlyMap<Tensor, string>;
}

/** Returns the names of the state tensors that have running averages: parameters and layer states. */
export function averagedNames(
  { network, groups }: Pick<PredictionOptions, "network" | "groups">,
): readonly string[] {
  return [...groups.map(parametersName), ...network.state.map(({ name }) => name)];
}

/**
 * Builds the state before the first step, by name: random parameters that the seed determines, slots and
 * accumulated gradients of 0, and averages equal to their parameters.
 */
export function initialState(
  { network, groups, seed, accumulates = false, averages = false }: Pick<
    TrainingOptions,
    "network" | "groups" | "seed" | "accumulates" | "averages"
  >,
): Tensors {
  const parameters = initialParameters(network, seed);
  const perGroup = groups.flatMap((group): [string, Tensor][] => [
    [parametersName(group), vectorOf(group, parameters)],
    ...group.optimizer.slots.map((slot): [string, Tensor] => [
      slotName(group, slot),
      fill(0, slotShape(group, slot)),
    ]),
    ...(accumulates ? [[gradientName(group), fill(0, [group.size])] as [string, Tensor]] : []),
  ]);
  const state: Tensors = { ...Object.fromEntries(perGroup), ...initialLayerState(network) };
  if (!averages) return state;
  const initialAverages = averagedNames({ network, groups })
    .map((name) => [averageName(name), state[name]]);
  return { ...state, ...Object.fromEntries(initialAverages) };
}

/**
 * Builds a training step. Outputs: `loss` [], the batch's mean loss before the update; `correct` [], the
 * number of right predictions; `gradientNorm` [], the norm of the gradient over all groups, before
 * clipping.
 */
export function trainingStep(options: TrainingOptions): Step {
  return trainingStepFromGradients(options, batchGradients(options) as BatchGradients);
}

/**
 * Builds a training step from the gradients of its batch: clips them, and updates the parameters. The outputs
 * are those of {@linkcode trainingStep}.
 */
export function trainingStepFromGradients(
  options: TrainingOptions,
  computed: BatchGradients,
): Step {
  const { groups, clip = {}, averages = false } = options;
  const { gradients, outputs, state, origins } = gradientsAndOutputs(options, computed);
  const limited = clipGradient(gradients, clip);
  const inputs = { rate: numberInput("learningRate"), step: numberInput("step") };
  const updated = groups.map((group, index) => buildGroupUpdate(group, limited[index], inputs));
  const after: Tensors = Object.assign({}, ...updated.map(({ state }) => state), state);
  const nextAverages = averages ? updateAverages(options, after) : {};
  const cleared = options.accumulates === true
    ? groups.map((group) => [gradientName(group), fill(0, [group.size])])
    : [];
  return {
    outputs,
    state: { ...after, ...Object.fromEntries(cleared), ...nextAverages },
    origins: originsOf([
      ...origins,
      { name: "clipping of the gradient", tensors: limited },
      ...updated.map(({ origin }) => origin),
      { name: "averages of the weights", tensors: Object.values(nextAverages) },
    ]),
  };
}

/**
 * Builds a step that adds the gradient of its batch to the accumulated gradient, and updates no parameter.
 * Its outputs are those of {@linkcode trainingStep}; `gradientNorm` is the norm of the accumulated gradient.
 */
export function accumulationStep(options: TrainingOptions): Step {
  return accumulationStepFromGradients(options, batchGradients(options) as BatchGradients);
}

/**
 * Builds an accumulation step from the gradients of its batch: adds them to the accumulated gradients. The
 * outputs are those of {@linkcode accumulationStep}.
 */
export function accumulationStepFromGradients(
  options: TrainingOptions,
  computed: BatchGradients,
): Step {
  const { gradients, outputs, state, origins } = gradientsAndOutputs(options, computed);
  const sums = options.groups.map((group, index) => [gradientName(group), gradients[index]]);
  return { outputs, state: { ...state, ...Object.fromEntries(sums) }, origins: originsOf(origins) };
}

/**
 * Builds the outputs of a step, and the gradients that it clips or stores: those of its batch or, with gradient
 * accumulation, the accumulated gradients that include them.
 */
function gradientsAndOutputs(
  { groups, batch, accumulates = false }: TrainingOptions,
  computed: BatchGradients,
) {
  const gradients = accumulates
    ? computed.gradients.map((gradient, i) => addAccumulatedGradient(groups[i], gradient))
    : computed.gradients;
  const outputs = {
    loss: div(computed.loss, batch),
    correct: computed.correct,
    gradientNorm: globalNorm(gradients),
  };
  const { state } = computed;
  const origins = [
    ...computed.origins,
    { name: "loss", tensors: [outputs.loss] },
    { name: "norm of the gradient", tensors: [outputs.gradientNorm] },
  ];
  return { gradients, outputs, state, origins };
}

/**
 * Adds a group's gradient, multiplied by the input "share", to its accumulated gradient. The share is the number
 * of the batch's samples as a fraction of the update's.
 */
function addAccumulatedGradient(group: UpdateGroup | undefined, gradient: Tensor): Tensor {
  const before = input(gradientName(group as UpdateGroup), gradient.shape);
  return add(before, mul(gradient, numberInput("share")));
}

/**
 * Builds the new running averages: mean · (1 − weight) + next · weight, where `next` is the tensor in `after`,
 * the state after the step.
 */
function updateAverages(options: TrainingOptions, after: Tensors): Tensors {
  const weight = numberInput("averageWeight");
  return Object.fromEntries(
    averagedNames(options).map((name) => {
      const next = after[name];
      const mean = input(averageName(name), next.shape);
      return [averageName(name), add(mul(mean, sub(1, weight)), mul(next, weight))];
    }),
  );
}

/** Builds an evaluation step. Outputs: `probabilities` [batch, classes] and the `loss` of each sample [batch]. */
export function evaluationStep(options: PredictionOptions): Step {
  const { y, origins } = forwardForPrediction(options);
  const labels = sampleInput("labels", options.batch);
  const { loss, probabilities } = options.loss.forward(y, labels);
  return {
    outputs: { probabilities, loss },
    state: {},
    origins: originsOf([...origins, { name: "loss", tensors: [loss, probabilities] }]),
  };
}

/** Builds a prediction step, which needs no labels. Output: `probabilities` [batch, classes]. */
export function predictionStep(options: PredictionOptions): Step {
  const { y, origins } = forwardForPrediction(options);
  const probabilities = options.loss.probabilities(y);
  return {
    outputs: { probabilities },
    state: {},
    origins: originsOf([...origins, { name: "probabilities", tensors: [probabilities] }]),
  };
}

/**
 * Builds a classification step, which needs no labels. Output: `classes` integer [batch], the index of the
 * class with the largest output, or the first of equals. That is also the most probable class, so no probabilities are
 * computed.
 */
export function classificationStep(options: PredictionOptions): Step {
  const { y, origins } = forwardForPrediction(options);
  const classes = argmax(y);
  return {
    outputs: { classes },
    state: {},
    origins: originsOf([...origins, { name: "classes", tensors: [classes] }]),
  };
}

/** Builds the outputs y of the network in prediction mode, in which dropout and other random layers do nothing. */
function forwardForPrediction(options: PredictionOptions): Pick<Forward, "y" | "origins"> {
  const { x, parameters, state, origins } = networkInputs(options);
  const passed = forward(options.network, parameters, x, { state, training: undefined });
  return { y: passed.y, origins: [...origins, ...passed.origins] };
}

/**
 * Builds the update of a parameter group from its gradient [size]. Returns its new parameters and slots, by
 * their names in the state.
 */
function buildGroupUpdate(
  group: UpdateGroup,
  gradient: Tensor,
  inputs: Pick<StepInputs, "rate" | "step">,
): { readonly state: Tensors; readonly origin: Origin } {
  const { optimizer, size } = group;
  const params = input(parametersName(group), [size]);
  const slots = Object.fromEntries(
    optimizer.slots.map((slot) => [slot, input(slotName(group, slot), slotShape(group, slot))]),
  );
  const after = updateGroup(group, { params, slots }, gradient, inputs);
  const state = {
    [parametersName(group)]: after.params,
    ...Object.fromEntries(
      Object.entries(after.slots).map(([slot, tensor]) => [slotName(group, slot), tensor]),
    ),
  };
  return {
    state,
    origin: { name: `update of group "${group.name}"`, tensors: Object.values(state) },
  };
}
