/**
 * Steps as expressions: a training step is forward → loss → backward → update; steps of evaluation and
 * prediction are its first splits.
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
  type Loss,
  type Network,
  type Origin,
  originsOf,
  type Tensors,
} from "../../nn/mod.ts";
import {
  add,
  argmax,
  dimension,
  div,
  fill,
  input,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Mix } from "../../data/augment/mod.ts";
import { type BatchPipeline, normalizedRows } from "./batch.ts";
import { type Adversarial, adversarialSamples, combineGradients } from "./adversarial.ts";
import { lossAndGradients } from "./loss_and_gradients.ts";
import { type Clip, clipped } from "../../optim/clip.ts";
import {
  type ParameterGroup,
  type UpdateGroup,
  vectorOf,
  viewsOf,
} from "../../optim/parameter_groups.ts";
import { globalNorm } from "../../optim/global_norm.ts";
import { correctness, mixedLoss } from "./mixing.ts";
import type { StepInputs } from "../../optim/optimizers/mod.ts";
import { slotShape, updateGroup } from "../../optim/update.ts";
import { numberInput, sampleInput } from "./inputs.ts";

/** A step: the expressions of its outputs and of the state after it. */
export interface Step {
  /** Outputs by name. */
  readonly outputs: Tensors;
  /** Next value of each state tensor that changes, by name. */
  readonly state: Tensors;
  /** Layer and pass that each node belongs to, for error messages. */
  readonly origins: ReadonlyMap<Tensor, string>;
}

/** Options of every step. */
export interface PredictionOptions extends BatchPipeline {
  /** The network. */
  readonly network: Network;
  /** Loss, which also converts outputs to probabilities. */
  readonly loss: Loss;
  /** Parameter groups: which parameters lie in which vector. */
  readonly groups: readonly ParameterGroup[];
  /** Number of samples in a batch. */
  readonly batch: number;
}

/** Options of a training step. */
export interface TrainingOptions extends PredictionOptions {
  /** Parameter groups with the update rule of each. */
  readonly groups: readonly UpdateGroup[];
  /** Seed of the run, for layers with random numbers. */
  readonly seed: number;
  /** Adversarial training. Defaults to none. */
  readonly adversarial?: Adversarial | undefined;
  /** Clipping of the gradient. Defaults to none. */
  readonly clip?: Clip | undefined;
  /** Whether an update has gradients of several batches. Defaults to false. */
  readonly accumulates?: boolean;
  /** Whether averages of the parameters are kept. Defaults to false. */
  readonly averages?: boolean;
}

/** Returns the name of a group's parameters in the state. */
export function parametersName({ name }: ParameterGroup): string {
  return `${name}.parameters`;
}

/** Returns the name of a slot of a group's optimizer in the state. */
export function slotName({ name }: ParameterGroup, slot: string): string {
  return `${name}.${slot}`;
}

/** Returns the name of a group's accumulated gradient in the state. */
export function gradientName({ name }: ParameterGroup): string {
  return `${name}.gradient`;
}

/** Returns the name of the average of a state tensor. */
export function averageName(name: string): string {
  return `average.${name}`;
}

/** Returns the names of the state tensors that averaging averages: parameters and layer states. */
export function averagedNames(
  { network, groups }: Pick<PredictionOptions, "network" | "groups">,
): readonly string[] {
  return [...groups.map(parametersName), ...network.state.map(({ name }) => name)];
}

/** Returns the state before the first step: random parameters by the seed, slots and gradients at zero. */
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
  const { groups, clip = {}, averages = false } = options;
  const { gradients, outputs, state, origins } = stepGradients(options);
  const limited = clipped(gradients, clip);
  const inputs = { rate: numberInput("learningRate"), step: numberInput("step") };
  const updated = groups.map((group, index) => updatedState(group, limited[index], inputs));
  const after: Tensors = Object.assign({}, ...updated.map(({ state }) => state), state);
  const nextAverages = averages ? averaged(options, after) : {};
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
 * Builds a step that adds its gradient to the accumulated one, and updates no parameter. Its outputs are
 * those of {@linkcode trainingStep}; `gradientNorm` is the norm of the accumulated gradient.
 */
export function accumulationStep(options: TrainingOptions): Step {
  const { gradients, outputs, state, origins } = stepGradients(options);
  const sums = options.groups.map((group, index) => [gradientName(group), gradients[index]]);
  return { outputs, state: { ...state, ...Object.fromEntries(sums) }, origins: originsOf(origins) };
}

/**
 * Builds forward, loss and backward of a batch: the outputs, the layer states after it, and the gradient of
 * each group, with the accumulated one added. With adversarial training, outputs and layer states are those
 * of the batch itself.
 */
function stepGradients(options: TrainingOptions) {
  const { network, groups, batch, seed, adversarial, accumulates = false } = options;
  const step = numberInput("step");
  const { rows, x, mix, parameters, state, origins } = networkInputs(options);
  const context = { state, training: { seed, samples: rows, step } };

  const labels = sampleInput("labels", batch);
  const loss = mixedLoss(options.loss, mix);
  const model = { network, loss, parameters, context };
  const clean = lossAndGradients(model, x, labels);
  const perturbed = adversarial &&
    lossAndGradients(model, adversarialSamples(x, clean.dx, adversarial), labels);
  const grads = perturbed === undefined
    ? clean.grads
    : combineGradients(clean.grads, perturbed.grads, adversarial as Adversarial);
  const ofBatch = groups.map((group) => vectorOf(group, grads));
  const gradients = accumulates
    ? ofBatch.map((gradient, i) => accumulated(groups[i], gradient))
    : ofBatch;
  const outputs = {
    loss: div(total(clean.losses), batch),
    correct: total(correctness(clean.probabilities, labels, mix)),
    gradientNorm: globalNorm(gradients),
  };
  return {
    gradients,
    outputs,
    state: clean.state,
    origins: [
      ...origins,
      ...clean.origins,
      ...(perturbed?.origins ?? []),
      { name: "loss", tensors: [outputs.loss, outputs.correct] },
      { name: "norm of the gradient", tensors: [outputs.gradientNorm] },
    ],
  };
}

/** Adds a batch's gradient, times its fraction of the update's samples, to the accumulated one. */
function accumulated(group: UpdateGroup | undefined, gradient: Tensor): Tensor {
  const before = input(gradientName(group as UpdateGroup), gradient.shape);
  return add(before, mul(gradient, numberInput("share")));
}

/** Moves all averages toward the state after the step: mean (1 − weight) + next · weight. */
function averaged(options: TrainingOptions, after: Tensors): Tensors {
  const weight = numberInput("averageWeight");
  return Object.fromEntries(
    averagedNames(options).map((name) => {
      const next = after[name];
      const mean = input(averageName(name), next.shape);
      return [averageName(name), add(mul(mean, sub(1, weight)), mul(next, weight))];
    }),
  );
}

/** Builds a step of evaluation. Outputs: `probabilities` [batch, classes] and `loss` [batch]. */
export function evaluationStep(options: PredictionOptions): Step {
  const { y, origins } = infer(options);
  const labels = sampleInput("labels", options.batch);
  const { loss, probabilities } = options.loss.forward(y, labels);
  return {
    outputs: { probabilities, loss },
    state: {},
    origins: originsOf([...origins, { name: "loss", tensors: [loss, probabilities] }]),
  };
}

/** Builds a step of prediction, without labels. Output: `probabilities` [batch, classes]. */
export function predictionStep(options: PredictionOptions): Step {
  const { y, origins } = infer(options);
  const probabilities = options.loss.probabilities(y);
  return {
    outputs: { probabilities },
    state: {},
    origins: originsOf([...origins, { name: "probabilities", tensors: [probabilities] }]),
  };
}

/**
 * Builds a step of classification, without labels. Output: `classes` integer [batch], the class with the
 * largest output, the first of equals. It is the most probable one; no probability is computed.
 */
export function classificationStep(options: PredictionOptions): Step {
  const { y, origins } = infer(options);
  const classes = argmax(y);
  return {
    outputs: { classes },
    state: {},
    origins: originsOf([...origins, { name: "classes", tensors: [classes] }]),
  };
}

function infer(options: PredictionOptions): Pick<Forward, "y" | "origins"> {
  const { x, parameters, state, origins } = networkInputs(options);
  const passed = forward(options.network, parameters, x, { state, training: undefined });
  return { y: passed.y, origins: [...origins, ...passed.origins] };
}

/** Builds the input of the network, and the parameters and layer states as views of named inputs. */
export function networkInputs(options: PredictionOptions): {
  readonly rows: Tensor;
  readonly x: Tensor;
  readonly mix: Mix | undefined;
  readonly parameters: Tensors;
  readonly state: Tensors;
  readonly origins: readonly Origin[];
} {
  const { network, groups, batch } = options;
  const rows = sampleInput("rows", batch);
  const { x, mix } = normalizedRows(options, rows);
  const parameters: Tensors = Object.assign(
    {},
    ...groups.map((group) => viewsOf(group, input(parametersName(group), [group.size]))),
  );
  const state = Object.fromEntries(
    network.state.map(({ name, shape }) => [name, input(name, shape)]),
  );
  const origins = [
    { name: "input of the network", tensors: [x] },
    { name: "state", tensors: [...Object.values(parameters), ...Object.values(state)] },
  ];
  return { rows, x, mix, parameters, state, origins };
}

/** Builds the update of a group's state: its parameters and slots by their names in the state. */
function updatedState(
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

/** Sums a vector's elements in rising order: [n] → []. */
function total(vector: Tensor): Tensor {
  return reshape(sum(reshape(vector, [1, dimension(vector, 0)]), "columns"), []);
}
