import type { Part } from "../../data/dataset.ts";
import { labelsOf, type NamedPart, type SplitName } from "../../data/parts.ts";
import { preparedFor } from "../../data/prepare/prepare.ts";
import type { Backend } from "../../engine/backend.ts";
import { exact } from "../../engine/wasm/exact.ts";
import type { Layouts } from "../../engine/program/program.ts";
import { NO_OBSERVATIONS, type Observations, withValue } from "../../run/observations.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { type BatchData, normalizationInputs } from "../step/batch.ts";
import { type Copies, deformedName, evaluateCopies } from "./augmented_copies.ts";
import type { EvaluationObserver, Observer } from "../observation/observer.ts";
import { observationProgram, runObservation } from "../observation/programs.ts";
import { oneGroup } from "../../optim/parameter_groups.ts";
import { PER_STEP } from "../step/inputs.ts";
import { EVALUATION_BATCH, type LoadedMachine, passPrograms, scoreOf } from "../passes.ts";
import { batchesOf } from "../batches.ts";
import { compileStep, constantPrograms, deformFor, makeConstants, sourceOf } from "../programs.ts";
import { stateOf, writeState } from "../state.ts";
import { evaluationStep } from "../step/step.ts";
import { featuresOf, folded, type Trained } from "./trained.ts";

/** How an evaluation is computed. */
export interface EvaluationOptions {
  /** How many workers share the work; 1 if not given. The results do not depend on it. */
  readonly workers?: number | undefined;
  /** What executes programs. Defaults to the exact backend. */
  readonly backend?: Backend | undefined;
  /** Deformed copies of each sample to average over; none if not given. */
  readonly copies?: Copies | undefined;
}

/**
 * Evaluates a part of a data set.
 *
 * @throws {TypeError} if the parameters are not the network's
 */
export async function evaluatePart(
  trained: Trained,
  name: SplitName,
  part: Part,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const [evaluation] = await evaluateParts(trained, [{ name, part }], options);
  return evaluation;
}

/**
 * Evaluates some parts of a data set, at least one, one after the other; workers are started once.
 * Samples are prepared as those that the network was trained on, unless they are so already.
 *
 * @throws {TypeError} if the parameters are not the network's, or samples cannot be prepared
 */
export async function evaluateParts(
  trained: Trained,
  parts: readonly NamedPart[],
  options: EvaluationOptions = {},
): Promise<readonly Evaluation[]> {
  return (await evaluateAndObserve(trained, parts, options, [])).evaluations;
}

/** Evaluates as {@linkcode evaluateParts}, and returns what observers store of the evaluation. */
export async function evaluateAndObserve(
  given: Trained,
  parts: readonly NamedPart[],
  options: EvaluationOptions,
  observers: readonly Observer[],
): Promise<{ readonly evaluations: readonly Evaluation[]; readonly observations: Observations }> {
  const trained = folded(given);
  const { network } = trained;
  const observed = observers.flatMap((observer): Observed[] => {
    const { evaluation } = observer;
    const samples = evaluation?.samples(network, parts);
    return evaluation === undefined || samples === undefined
      ? []
      : [{ observer, evaluation, samples }];
  });
  const loaded = await openFor(trained, parts, { ...options, observed });
  await using _ = loaded.machine;
  const evaluations: Evaluation[] = [];
  for (const { name, part } of parts) {
    const count = options.copies?.count ?? 0;
    const classes = trained.network.outputs;
    const pass = await evaluateCopies(loaded, { name, part, classes, count });
    const [labels, { probabilities }] = [labelsOf(part), pass];
    const { loss } = scoreOf(pass, labels);
    evaluations.push({ part: name, rows: part.rows, labels, probabilities, loss });
  }
  let observations = NO_OBSERVATIONS;
  for (const { observer, evaluation, samples } of observed) {
    const output = await runObservation(loaded, observer, samples.part);
    const value = evaluation.observe({ network, ...samples, output });
    observations = withValue(observations, observer, value);
  }
  return { evaluations, observations };
}

interface Observed {
  readonly observer: Observer;
  readonly evaluation: EvaluationObserver<unknown>;
  readonly samples: NamedPart;
}

/** Opens a machine that evaluates a network on some parts, by programs of their names. */
async function openFor(
  trained: Trained,
  parts: readonly NamedPart[],
  { workers, backend = exact, copies, observed }: EvaluationOptions & {
    readonly observed: readonly Observed[];
  },
): Promise<LoadedMachine> {
  const { network, loss, normalization } = trained;
  const groups = oneGroup(network);
  const state = stateOf(network, groups, trained.parameters);
  const { compileOptions } = backend;
  const asked = parts.map(({ name, part: given }) => {
    const part = preparedFor(trained.preparation, given);
    const encoding = part.samples.values instanceof Float32Array ? "dense32" : trained.encoding;
    const { source, sources } = sourceOf(part, normalization, { name, encoding });
    const batches = batchesOf(part.rows.length, EVALUATION_BATCH);
    const options = { network, loss, groups, normalization, source };
    const programsOf = (name: string, deform?: BatchData["deform"]) =>
      passPrograms(
        name,
        batches,
        (batch) => compileStep(evaluationStep({ ...options, deform, batch }), compileOptions),
      );
    const deformed = copies === undefined
      ? {}
      : programsOf(deformedName(name), deformFor(copies, copies.seed, "evaluate"));
    const asking = programsOf(name);
    // observers read the same parameters, but may not read the output layer, whose weights may lie in panels
    const layouts: Layouts = Object.assign(
      {},
      ...Object.values(asking).map((each) => each.layouts),
    );
    const observing = observed.filter(({ samples }) => samples.name === name).map((each) =>
      observationProgram(
        each.observer,
        each.evaluation.outputs,
        { ...options, batch: each.samples.part.rows.length },
        { ...compileOptions, layouts },
      )
    );
    return {
      programs: Object.assign({}, asking, deformed, ...observing),
      sources,
      steps: batches.steps,
    };
  });
  const once = copies === undefined ? undefined : constantPrograms(copies, copies.seed);
  const programs: LoadedMachine["programs"] = Object.assign(
    {},
    ...asked.map(({ programs }) => programs),
    once?.programs,
  );
  const machine = await backend.open({
    programs,
    aliases: once?.aliases ?? {},
    sources: Object.assign({}, ...asked.map(({ sources }) => sources)),
    perStep: PER_STEP,
    steps: Math.max(...asked.map(({ steps }) => steps)),
    workers,
  });
  await makeConstants(machine, programs);
  writeState(machine, [...state.keys()], state);
  const constants = normalizationInputs(normalization, featuresOf(trained));
  writeState(machine, [...constants.keys()], constants);
  return { machine, programs };
}
