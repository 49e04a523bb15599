/**
 * The training step as an expression: forward → loss → backward → update; and what remains of it
 * for evaluation and prediction.
 *
 * Inputs by name, besides those that differ from step to step, see `inputs.ts`:
 *
 *     shift          [features]        see `batch.ts`; only where the normalization shifts
 *     projection, offset               in its place where the normalization reduces
 *     deform1.field  [side, side]      and the like: what a deformation has made once
 *
 * State by name, for each parameter group: "all.parameters", a vector for each slot of the optimizer,
 * "all.first", and what was accumulated, "all.gradient"; the layers' states, "batchNorm1.mean"; and the
 * means of parameters and layers' states, "average.all.parameters".
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
  type Shape,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Mix } from "../../data/augment/mod.ts";
import { type BatchData, normalizedRows } from "./batch.ts";
import { type Adversarial, joined, movedUphill } from "./adversarial.ts";
import { lossAndGradients } from "./loss_and_gradients.ts";
import { type Clip, clipped } from "../../optim/clip.ts";
import {
  type ParameterGroup,
  type UpdateGroup,
  vectorOf,
  viewsOf,
} from "../../optim/parameter_groups.ts";
import { lengthOf } from "../../optim/global_norm.ts";
import { mixedLoss, rightness } from "./mixing.ts";
import type { StepInputs } from "../../optim/optimizers/mod.ts";
import { constrained, decayed, penalized } from "../../optim/regularize.ts";
import { numberInput, sampleInput } from "./inputs.ts";

/** An expression of what is asked for, of the state after it, and of where each node comes from. */
export interface Step {
  /** What is asked for, by name. */
  readonly outputs: Tensors;
  /** Successor of each state tensor that changes, by name. */
  readonly state: Tensors;
  /** The layer and the pass that each node belongs to, for messages. */
  readonly origins: ReadonlyMap<Tensor, string>;
}

/** What all steps need. */
export interface PredictionOptions extends BatchData {
  /** The network. */
  readonly network: Network;
  /** How its output is scored, and turned into probabilities. */
  readonly loss: Loss;
  /** Which parameters lie in which vector. */
  readonly groups: readonly ParameterGroup[];
  /** Number of samples. */
  readonly batch: number;
}

/** What a training step needs. */
export interface TrainingOptions extends PredictionOptions {
  /** Which parameters lie in which vector, and how they are updated. */
  readonly groups: readonly UpdateGroup[];
  /** Seed of the run, for layers that draw random numbers. */
  readonly seed: number;
  /** How batches are moved, to be learned from once more; they are not if not given. */
  readonly adversarial?: Adversarial | undefined;
  /** Limits of the gradient; none if not given. */
  readonly clip?: Clip | undefined;
  /** Whether gradients of several batches make up an update. */
  readonly accumulates?: boolean;
  /** Whether means of the weights are kept. */
  readonly averages?: boolean;
}

/** Name of a group's parameters in the state. */
export function parametersName({ name }: ParameterGroup): string {
  return `${name}.parameters`;
}

/** Name of a group's slot in the state. */
export function slotName({ name }: ParameterGroup, slot: string): string {
  return `${name}.${slot}`;
}

/** Name of what was accumulated of a group's gradient in the state. */
export function gradientName({ name }: ParameterGroup): string {
  return `${name}.gradient`;
}

/** Name of the mean of a tensor of the state. */
export function averageName(name: string): string {
  return `average.${name}`;
}

/** Names of the tensors of the state whose means are kept: parameters, and the layers' states. */
export function averagedNames(
  { network, groups }: Pick<PredictionOptions, "network" | "groups">,
): readonly string[] {
  return [...groups.map(parametersName), ...network.state.map(({ name }) => name)];
}

/** The state before the first step: parameters drawn from the seed, slots at zero. */
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
  const means = averagedNames({ network, groups }).map((name) => [averageName(name), state[name]]);
  return { ...state, ...Object.fromEntries(means) };
}

/** Shape of an optimizer's slot: a number for each parameter, or one for all. */
function slotShape({ size, optimizer }: UpdateGroup, slot: string): Shape {
  return optimizer.numbers?.includes(slot) === true ? [] : [size];
}

/**
 * One step of training. Outputs: `loss` [], the batch's mean before the step; `correct` [], the
 * number of right predictions; `gradientNorm` [], the length of the gradient over all groups, before it
 * is clipped.
 */
export function trainingStep(options: TrainingOptions): Step {
  const { groups, clip = {}, averages = false } = options;
  const { gradients, outputs, state, made } = stepGradients(options);
  const limited = clipped(gradients, clip);
  const inputs = { rate: numberInput("learningRate"), step: numberInput("step") };
  const updated = groups.map((group, index) => updateGroup(group, limited[index], inputs));
  const after: Tensors = Object.assign({}, ...updated.map(({ state }) => state), state);
  const means = averages ? averaged(options, after) : {};
  const used = options.accumulates === true
    ? groups.map((group) => [gradientName(group), fill(0, [group.size])])
    : [];
  return {
    outputs,
    state: { ...after, ...Object.fromEntries(used), ...means },
    origins: originsOf([
      ...made,
      { name: "clipping of the gradient", tensors: limited },
      ...updated.map(({ made }) => made),
      { name: "averages of the weights", tensors: Object.values(means) },
    ]),
  };
}

/**
 * A step that updates nothing but adds its gradient to what was accumulated. Outputs as those of
 * {@linkcode trainingStep}; `gradientNorm` is of what is accumulated so far.
 */
export function accumulationStep(options: TrainingOptions): Step {
  const { gradients, outputs, state, made } = stepGradients(options);
  const sums = options.groups.map((group, index) => [gradientName(group), gradients[index]]);
  return { outputs, state: { ...state, ...Object.fromEntries(sums) }, origins: originsOf(made) };
}

/**
 * Forward, loss and backward: the gradient of each group, and what was accumulated with it. The loss and
 * the layers' states are those of the batch as it is, also if it is moved and learned from once more.
 */
function stepGradients(options: TrainingOptions) {
  const { network, groups, batch, seed, adversarial, accumulates = false } = options;
  const step = numberInput("step");
  const { rows, x, mix, parameters, state, made } = networkInputs(options);
  const context = { state, training: { seed, samples: rows, step } };

  const labels = sampleInput("labels", batch);
  const loss = mixedLoss(options.loss, mix);
  const model = { network, loss, parameters, context };
  const clean = lossAndGradients(model, x, labels);
  const perturbed = adversarial &&
    lossAndGradients(model, movedUphill(x, clean.dx, adversarial), labels);
  const grads = perturbed === undefined
    ? clean.grads
    : joined(clean.grads, perturbed.grads, adversarial as Adversarial);
  const ofBatch = groups.map((group) => vectorOf(group, grads));
  const gradients = accumulates
    ? ofBatch.map((gradient, i) => accumulated(groups[i], gradient))
    : ofBatch;
  const outputs = {
    loss: div(total(clean.losses), batch),
    correct: total(rightness(clean.probabilities, labels, mix)),
    gradientNorm: lengthOf(gradients),
  };
  return {
    gradients,
    outputs,
    state: clean.state,
    made: [
      ...made,
      ...clean.made,
      ...(perturbed?.made ?? []),
      { name: "loss", tensors: [outputs.loss, outputs.correct] },
      { name: "length of the gradient", tensors: [outputs.gradientNorm] },
    ],
  };
}

/** What was accumulated of a group's gradient, and the batch's own by its share. */
function accumulated(group: UpdateGroup | undefined, gradient: Tensor): Tensor {
  const before = input(gradientName(group as UpdateGroup), gradient.shape);
  return add(before, mul(gradient, numberInput("share")));
}

/** The means of what is averaged, of the state after the step. */
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

/** Outputs: `probabilities` [batch, classes] and `loss` of each sample [batch]. */
export function evaluationStep(options: PredictionOptions): Step {
  const { y, made } = infer(options);
  const labels = sampleInput("labels", options.batch);
  const { loss, probabilities } = options.loss.forward(y, labels);
  const origins = originsOf([...made, { name: "loss", tensors: [loss, probabilities] }]);
  return { outputs: { probabilities, loss }, state: {}, origins };
}

/** Output: `probabilities` [batch, classes]; needs no labels. */
export function predictionStep(options: PredictionOptions): Step {
  const { y, made } = infer(options);
  const probabilities = options.loss.probabilities(y);
  const origins = originsOf([...made, { name: "probabilities", tensors: [probabilities] }]);
  return { outputs: { probabilities }, state: {}, origins };
}

/**
 * Output: `classes` integer [batch], the one whose output is the largest, the first of equals; needs
 * no labels. It is the most probable one, found without computing how probable.
 */
export function classificationStep(options: PredictionOptions): Step {
  const { y, made } = infer(options);
  const classes = argmax(y);
  const origins = originsOf([...made, { name: "classes", tensors: [classes] }]);
  return { outputs: { classes }, state: {}, origins };
}

function infer(options: PredictionOptions): Pick<Forward, "y" | "made"> {
  const { x, parameters, state, made } = networkInputs(options);
  const passed = forward(options.network, parameters, x, { state, training: undefined });
  return { y: passed.y, made: [...made, ...passed.made] };
}

/** The input of the network and the state of parameters and layers, as named inputs. */
export function networkInputs(options: PredictionOptions): {
  readonly rows: Tensor;
  readonly x: Tensor;
  readonly mix: Mix | undefined;
  readonly parameters: Tensors;
  readonly state: Tensors;
  readonly made: readonly Origin[];
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
  const made = [
    { name: "input of the network", tensors: [x] },
    { name: "state", tensors: [...Object.values(parameters), ...Object.values(state)] },
  ];
  return { rows, x, mix, parameters, state, made };
}

function updateGroup(
  group: UpdateGroup,
  gradient: Tensor,
  { rate, step }: Pick<StepInputs, "rate" | "step">,
): { readonly state: Tensors; readonly made: Origin } {
  const { optimizer, regularization, parameters } = group;
  const params = input(parametersName(group), [group.size]);
  const slots = Object.fromEntries(
    optimizer.slots.map((slot) => [slot, input(slotName(group, slot), slotShape(group, slot))]),
  );
  const after = optimizer.update(
    decayed(params, rate, regularization),
    penalized(gradient, params, regularization),
    slots,
    { rate, step, parameters },
  );
  const state = {
    [parametersName(group)]: constrained(group, after.params, regularization),
    ...Object.fromEntries(
      Object.entries(after.slots).map(([slot, tensor]) => [slotName(group, slot), tensor]),
    ),
  };
  return {
    state,
    made: { name: `update of group "${group.name}"`, tensors: Object.values(state) },
  };
}

/** Sum of a vector's elements in rising order: [n] → []. */
function total(vector: Tensor): Tensor {
  return reshape(sum(reshape(vector, [1, dimension(vector, 0)]), "columns"), []);
}
