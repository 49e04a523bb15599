/**
 * The training step as an expression: forward → loss → backward → update; and what remains of it
 * for evaluation and prediction.
 *
 * Inputs by name:
 *
 *     rows           integer [batch]   rows of the source
 *     labels         integer [batch]   class of each sample (not for prediction)
 *     step           integer []        number of the step, from 1 (training only)
 *     learningRate   []                (training only)
 *     shift          [features]        see `batch.ts`; only where the normalization shifts
 *     deform1.field  [side, side]      and the like: what a deformation has made once
 *
 * State by name, for each parameter group: "all.parameters" and a vector for each slot of the
 * optimizer, "all.first"; and the layers' states, "batchNorm1.mean".
 *
 * @module
 */

import {
  backward,
  type Forward,
  forward,
  initialLayerState,
  initialParameters,
  type Loss,
  type Network,
  type Origin,
  originsOf,
  type Tensors,
} from "../nn/mod.ts";
import {
  add,
  argmaxColumns,
  dimension,
  div,
  dot,
  fill,
  input,
  reshape,
  sqrt,
  sumColumns,
  type Tensor,
} from "../tensor/mod.ts";
import type { Mix } from "../data/deform/mod.ts";
import { type BatchData, normalizedRows } from "./batch.ts";
import { type ParameterGroup, vectorOf, viewsOf } from "./groups.ts";
import { mixedLoss, rightness } from "./mixing.ts";
import type { Optimizer, StepInputs } from "./optimizers/mod.ts";

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
  /** The rule of update. */
  readonly optimizer: Optimizer;
  /** Seed of the run, for layers that draw random numbers. */
  readonly seed: number;
}

/** Name of a group's parameters in the state. */
export function parametersName({ name }: ParameterGroup): string {
  return `${name}.parameters`;
}

/** Name of a group's slot in the state. */
export function slotName({ name }: ParameterGroup, slot: string): string {
  return `${name}.${slot}`;
}

/** The state before the first step: parameters drawn from the seed, slots at zero. */
export function initialState(
  { network, optimizer, groups, seed }: Pick<
    TrainingOptions,
    "network" | "optimizer" | "groups" | "seed"
  >,
): Tensors {
  const parameters = initialParameters(network, seed);
  const perGroup = groups.flatMap((group): [string, Tensor][] => [
    [parametersName(group), vectorOf(group, parameters)],
    ...optimizer.slots.map((slot): [string, Tensor] => [
      slotName(group, slot),
      fill(0, [group.size]),
    ]),
  ]);
  return { ...Object.fromEntries(perGroup), ...initialLayerState(network) };
}

/**
 * One step of training. Outputs: `loss` [], the batch's mean before the step; `correct` [], the
 * number of right predictions; `gradientNorm` [], the length of the gradient over all groups.
 */
export function trainingStep(options: TrainingOptions): Step {
  const { network, optimizer, groups, batch, seed } = options;
  const step = input("step", [], "integer");
  const rate = input("learningRate", []);
  const { rows, x, mix, parameters, state, made } = read(options);
  const context = { state, training: { seed, samples: rows, step } };

  const passed = forward(network, parameters, x, context);
  const labels = input("labels", [batch], "integer");
  const loss = mixedLoss(options.loss, mix);
  const scored = loss.forward(passed.y, labels);
  const dy = loss.backward(passed.y, labels);
  const { grads, made: madeBackward } = backward(network, parameters, passed, { dy, context });

  const updated = groups.map((group) => updateGroup(group, optimizer, grads, { rate, step }));
  const squares = updated.map(({ gradient }) => dot(gradient, gradient));
  const outputs = {
    loss: div(sum(scored.loss), batch),
    correct: sum(rightness(scored.probabilities, labels, mix)),
    gradientNorm: sqrt(squares.reduce((a, b) => add(a, b))),
  };
  const updates = updated.map(({ made }) => made);
  return {
    outputs,
    state: Object.assign({}, ...updated.map(({ state }) => state), passed.state),
    origins: originsOf([
      ...made,
      ...passed.made,
      { name: "loss", tensors: [outputs.loss, outputs.correct] },
      { name: "backward of the loss", tensors: [dy] },
      ...madeBackward,
      { name: "length of the gradient", tensors: [outputs.gradientNorm] },
      ...updates,
    ]),
  };
}

/** Outputs: `probabilities` [batch, classes] and `loss` of each sample [batch]. */
export function evaluationStep(options: PredictionOptions): Step {
  const { passed, made } = infer(options);
  const labels = input("labels", [options.batch], "integer");
  const { loss, probabilities } = options.loss.forward(passed.y, labels);
  const origins = originsOf([...made, { name: "loss", tensors: [loss, probabilities] }]);
  return { outputs: { probabilities, loss }, state: {}, origins };
}

/** Output: `probabilities` [batch, classes]; needs no labels. */
export function predictionStep(options: PredictionOptions): Step {
  const { passed, made } = infer(options);
  const probabilities = options.loss.probabilities(passed.y);
  const origins = originsOf([...made, { name: "probabilities", tensors: [probabilities] }]);
  return { outputs: { probabilities }, state: {}, origins };
}

/**
 * Output: `classes` integer [batch], the one whose output is the largest, the first of equals; needs
 * no labels. It is the most probable one, found without computing how probable.
 */
export function classificationStep(options: PredictionOptions): Step {
  const { passed, made } = infer(options);
  const classes = argmaxColumns(passed.y);
  const origins = originsOf([...made, { name: "classes", tensors: [classes] }]);
  return { outputs: { classes }, state: {}, origins };
}

/** The network's output when it is not trained. */
function infer(
  options: PredictionOptions,
): { readonly passed: Forward; readonly made: readonly Origin[] } {
  const { x, parameters, state, made } = read(options);
  const passed = forward(options.network, parameters, x, { state, training: undefined });
  return { passed, made: [...made, ...passed.made] };
}

/** The inputs of the network and the state of parameters and layers, as named inputs. */
function read(options: PredictionOptions): {
  readonly rows: Tensor;
  readonly x: Tensor;
  readonly mix: Mix | undefined;
  readonly parameters: Tensors;
  readonly state: Tensors;
  readonly made: readonly Origin[];
} {
  const { network, groups, batch } = options;
  const rows = input("rows", [batch], "integer");
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

/** Gradient of a group as a vector, and its state after the update. */
function updateGroup(
  group: ParameterGroup,
  optimizer: Optimizer,
  grads: Tensors,
  inputs: Omit<StepInputs, "parameters">,
): { readonly gradient: Tensor; readonly state: Tensors; readonly made: Origin } {
  const vector = (name: string) => input(name, [group.size]);
  const gradient = vectorOf(group, grads);
  const before = Object.fromEntries(
    optimizer.slots.map((slot) => [slot, vector(slotName(group, slot))]),
  );
  const after = optimizer.update(vector(parametersName(group)), gradient, before, {
    ...inputs,
    parameters: group.parameters,
  });
  const state = {
    [parametersName(group)]: after.params,
    ...Object.fromEntries(
      Object.entries(after.slots).map(([slot, tensor]) => [slotName(group, slot), tensor]),
    ),
  };
  const made = { name: `update of group "${group.name}"`, tensors: Object.values(state) };
  return { gradient, state, made };
}

/** Sum of a vector's elements in rising order: [n] → []. */
function sum(vector: Tensor): Tensor {
  return reshape(sumColumns(reshape(vector, [1, dimension(vector, 0)])), []);
}
