/**
 * A trained network, and evaluating it on parts of a data set.
 *
 * @module
 */

import type { Normalization, Part } from "../data/dataset.ts";
import type { Backend } from "../engine/backend.ts";
import { type Machine, openMachine } from "../engine/machine.ts";
import type { Loss, Network } from "../nn/mod.ts";
import type { Evaluation, PartName } from "../run/record.ts";
import type { Encoding } from "../tensor/mod.ts";
import { isShifted, shiftOf } from "./batch.ts";
import { oneGroup } from "./groups.ts";
import {
  batchesOf,
  evaluatePass,
  EVALUATION_BATCH,
  labelsOf,
  passPrograms,
  PER_STEP,
  scoreOf,
} from "./passes.ts";
import { compileStep, sourceOf } from "./programs.ts";
import { type ParameterValue, stateOf, writeState } from "./state.ts";
import { evaluationStep } from "./step.ts";

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
  await using machine = await openFor(trained, part, options);
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

/** Opens a machine that evaluates a network on a part. */
async function openFor(
  trained: Trained,
  part: Part,
  { workers, backend }: EvaluationOptions,
): Promise<Machine> {
  const { network, loss, normalization } = trained;
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
      (batch) => compileStep(evaluationStep({ ...options, batch }), { densePanels }),
    ),
    sources,
    perStep: PER_STEP,
    steps: batches.steps,
    workers,
    backend,
  });
  writeState(machine, [...state.keys()], state);
  if (isShifted(normalization)) {
    machine.floats("in:shift").set(shiftOf(normalization, network.inputs));
  }
  return machine;
}
