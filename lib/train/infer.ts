/**
 * Asking a trained network: probabilities of each class, for parts of a data set or for any samples.
 *
 * @module
 */

import type { Normalization, Part, Samples } from "../data/dataset.ts";
import { openMachine } from "../engine/machine.ts";
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
  PER_STEP,
  scoreOf,
} from "./passes.ts";
import { evaluationPrograms, sourceOf } from "./programs.ts";
import { type ParameterValue, stateOf, writeState } from "./state.ts";

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
  { workers }: EvaluationOptions = {},
): Promise<Evaluation> {
  const { network, loss, normalization } = trained;
  const features = sizeOf(part.samples.shape);
  const given = part.samples.values instanceof Float32Array ? "dense32" : trained.encoding;
  const { source, sources } = sourceOf(part, normalization, given);
  const groups = oneGroup(network);
  const batches = batchesOf(part.rows.length, EVALUATION_BATCH);
  const options = { network, loss, groups, normalization, source };
  const programs = evaluationPrograms("evaluate", options, batches);
  await using machine = await openMachine({
    programs,
    sources,
    perStep: PER_STEP,
    steps: batches.steps,
    workers,
  });
  const state = stateOf(network, groups, trained.parameters);
  writeState(machine, [...state.keys()], state);
  if (isShifted(normalization)) machine.floats("in:shift").set(shiftOf(normalization, features));
  const pass = await evaluatePass(machine, "evaluate", part, network.outputs);
  const labels = labelsOf(part);
  return {
    part: name,
    rows: part.rows,
    labels,
    probabilities: pass.probabilities,
    loss: scoreOf(pass, labels).loss,
  };
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
): Promise<Float32Array<ArrayBuffer>> {
  const { inputs } = trained.network;
  if (values.length === 0 || values.length % inputs !== 0) {
    throw new TypeError(
      `Cannot predict: expected rows of ${inputs} features: received ${values.length} numbers`,
    );
  }
  const count = values.length / inputs;
  const samples = { count, shape: [inputs], values, labels: new Uint16Array(count) };
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  return (await evaluatePart(trained, "test", { samples, rows })).probabilities;
}
