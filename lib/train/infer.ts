/**
 * Asking a trained network: probabilities of each class, for parts of a data set or for any samples.
 *
 * @module
 */

import type { Normalization, Part, Samples } from "../data/dataset.ts";
import type { Backend } from "../engine/backend.ts";
import { type Machine, openMachine } from "../engine/machine.ts";
import type { Loss, Network } from "../nn/mod.ts";
import type { Evaluation, PartName } from "../run/record.ts";
import { type Encoding, sizeOf } from "../tensor/mod.ts";
import { isShifted, shiftOf } from "./batch.ts";
import { oneGroup } from "./groups.ts";
import {
  batchesOf,
  evaluatePass,
  EVALUATION_BATCH,
  labelsOf,
  passPrograms,
  PER_STEP,
  predictPass,
  scoreOf,
} from "./passes.ts";
import { compileStep, sourceOf } from "./programs.ts";
import { type ParameterValue, stateOf, writeState } from "./state.ts";
import { evaluationStep, type PredictionOptions, predictionStep, type Step } from "./step.ts";

/** A trained network and what it needs to be asked. */
export interface Trained {
  /** The network. */
  readonly network: Network;
  /** How its output becomes probabilities. */
  readonly loss: Loss;
  /** Parameters by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** What is done to each feature before the network sees it. */
  readonly normalization: Normalization;
  /** How the first layer reads its rows. */
  readonly encoding: Encoding;
}

/** How an evaluation is computed. */
export interface EvaluationOptions {
  /** How many workers share the work; 1 if not given. The results do not depend on it. */
  readonly workers?: number | undefined;
  /** Who computes: the engine, exactly, if not given; `blas()` for a library, on which bits depend. */
  readonly backend?: Backend | undefined;
}

/**
 * Evaluates a part of a data set.
 *
 * @throws {TypeError} if the parameters are not the network's
 */
export async function evaluatePart(
  trained: Trained,
  name: PartName,
  part: Part,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  await using machine = await openFor(trained, part, evaluationStep, options);
  const pass = await evaluatePass(machine, PROGRAM, part, trained.network.outputs);
  const labels = labelsOf(part);
  return {
    part: name,
    rows: part.rows,
    labels,
    probabilities: pass.probabilities,
    loss: scoreOf(pass, labels).loss,
  };
}

/** Name of the program that a machine of {@linkcode openFor} runs. */
const PROGRAM = "ask";

/** Opens a machine that asks a network about the samples of a part, in one kind of step. */
async function openFor(
  trained: Trained,
  part: Part,
  stepOf: (options: PredictionOptions) => Step,
  { workers, backend }: EvaluationOptions,
): Promise<Machine> {
  const { network, loss, normalization } = trained;
  const features = sizeOf(part.samples.shape);
  const given = part.samples.values instanceof Float32Array ? "dense32" : trained.encoding;
  const { source, sources } = sourceOf(part, normalization, given);
  const groups = oneGroup(network);
  const state = stateOf(network, groups, trained.parameters);
  const batches = batchesOf(part.rows.length, EVALUATION_BATCH);
  const options = { network, loss, groups, normalization, source };
  const densePanels = backend?.densePanels ?? true;
  const machine = await openMachine({
    programs: passPrograms(
      PROGRAM,
      batches,
      (batch) => compileStep(stepOf({ ...options, batch }), { densePanels }),
    ),
    sources,
    perStep: PER_STEP,
    steps: batches.steps,
    workers,
    backend,
  });
  writeState(machine, [...state.keys()], state);
  if (isShifted(normalization)) machine.floats("in:shift").set(shiftOf(normalization, features));
  return machine;
}

/**
 * Probabilities of each class for rows of features as they came, before normalization.
 *
 * @param values row-major [samples, features], of the type that the network was trained on
 * @returns row-major [samples, classes]
 * @throws {TypeError} if the numbers are not whole rows
 */
export async function predict(
  trained: Trained,
  values: Samples["values"],
  options: EvaluationOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  const { inputs, outputs } = trained.network;
  if (values.length === 0 || values.length % inputs !== 0) {
    throw new TypeError(
      `Cannot predict: expected rows of ${inputs} features: received ${values.length} numbers`,
    );
  }
  const count = values.length / inputs;
  // Nobody knows their classes, and the programs of a prediction ask for none
  const samples = { count, shape: [inputs], values, labels: new Uint16Array() };
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  await using machine = await openFor(trained, { samples, rows }, predictionStep, options);
  return await predictPass(machine, PROGRAM, rows, outputs);
}
