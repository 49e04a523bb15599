/**
 * Evaluates a trained network on splits of a data set.
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import { labelsOf, type NamedSplit, type SplitName } from "../../data/split/samples.ts";
import { preprocessedFor } from "../../data/prepare/prepare.ts";
import type { Backend } from "../../engine/backend.ts";
import { exact } from "../../engine/wasm/exact.ts";
import type { Layouts } from "../../engine/program/program.ts";
import { NO_OBSERVATIONS, type Observations, withValue } from "../../run/observations.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { type BatchPipeline, normalizationInputs } from "../step/batch.ts";
import {
  augmentedProgramName,
  evaluateAugmented,
  type TestTimeAugmentation,
} from "./test_time_augmentation.ts";
import type { EvaluationObserver, Observer } from "../observation/observer.ts";
import { compileObservation, runObservation } from "../observation/programs.ts";
import { oneGroup } from "../../optim/parameter_groups.ts";
import { PER_STEP } from "../step/inputs.ts";
import {
  compilePassPrograms,
  EVALUATION_BATCH,
  type LoadedMachine,
  meanLossAndAccuracy,
} from "../passes.ts";
import { divideIntoBatches } from "../batches.ts";
import {
  compilePrecomputation,
  compileStep,
  rowAugmenter,
  runPrecomputation,
  storeSplitFeatures,
} from "../programs.ts";
import { stateOf, writeState } from "../state.ts";
import { evaluationStep } from "../step/step.ts";
import { foldForPrediction, rawFeatureCount, type Trained } from "./trained.ts";

/** Options of an evaluation. */
export interface EvaluationOptions {
  /** Number of workers that compute each step. The results do not depend on it. Defaults to 1. */
  readonly workers?: number | undefined;
  /** Backend that executes programs. Defaults to the exact one. */
  readonly backend?: Backend | undefined;
  /** Test-time augmentation: predictions averaged over augmented copies of each sample. Defaults to none. */
  readonly copies?: TestTimeAugmentation | undefined;
}

/**
 * Evaluates one split of a data set, as {@linkcode evaluateSplits} does.
 *
 * @throws {TypeError} if the parameters do not fit the network, or samples cannot be preprocessed
 */
export async function evaluateSplit(
  trained: Trained,
  name: SplitName,
  split: Split,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const [evaluation] = await evaluateSplits(trained, [{ name, split }], options);
  return evaluation;
}

/**
 * Evaluates splits of a data set, one after the other, with one set of workers. Samples that are still raw
 * images get the preprocessing that the network was trained with.
 *
 * @throws {TypeError} if the parameters do not fit the network, or samples cannot be preprocessed
 */
export async function evaluateSplits(
  trained: Trained,
  splits: readonly NamedSplit[],
  options: EvaluationOptions = {},
): Promise<readonly Evaluation[]> {
  return (await evaluateAndObserve(trained, splits, options, [])).evaluations;
}

/**
 * Evaluates splits as {@linkcode evaluateSplits} does, and runs observers of the evaluation. Returns the
 * evaluations and the values of the observers.
 *
 * @param before values that observers stored during training
 */
export async function evaluateAndObserve(
  trained: Trained,
  splits: readonly NamedSplit[],
  options: EvaluationOptions,
  observers: readonly Observer[],
  before: Observations = NO_OBSERVATIONS,
): Promise<{ readonly evaluations: readonly Evaluation[]; readonly observations: Observations }> {
  const folded = foldForPrediction(trained);
  const { network } = folded;
  const observed = observers.flatMap((observer): ObserverWithSamples[] => {
    const { evaluation } = observer;
    const samples = evaluation?.samples(network, splits, before);
    return evaluation === undefined || samples === undefined
      ? []
      : [{ observer, evaluation, samples }];
  });
  const loaded = await openEvaluationMachine(folded, splits, { ...options, observed });
  await using _ = loaded.machine;
  const evaluations: Evaluation[] = [];
  for (const { name, split } of splits) {
    const count = options.copies?.count ?? 0;
    const classes = folded.network.outputs;
    const pass = await evaluateAugmented(loaded, { name, split, classes, count });
    const [labels, { probabilities }] = [labelsOf(split), pass];
    const { loss } = meanLossAndAccuracy(pass, labels);
    evaluations.push({ split: name, rows: split.rows, labels, probabilities, loss });
  }
  let observations = NO_OBSERVATIONS;
  for (const { observer, evaluation, samples } of observed) {
    const output = await runObservation(loaded, observer, samples.split);
    const value = evaluation.observe({ network, before, ...samples, output });
    observations = withValue(observations, observer, value);
  }
  return { evaluations, observations };
}

/** An observer of the evaluation, and the samples that it chose. */
interface ObserverWithSamples {
  readonly observer: Observer;
  readonly evaluation: EvaluationObserver<unknown>;
  readonly samples: NamedSplit;
}

/** Opens a machine for the evaluation of splits. The programs of each split are named after the split. */
async function openEvaluationMachine(
  trained: Trained,
  splits: readonly NamedSplit[],
  { workers, backend = exact, copies, observed }: EvaluationOptions & {
    readonly observed: readonly ObserverWithSamples[];
  },
): Promise<LoadedMachine> {
  const { network, loss, normalization } = trained;
  const groups = oneGroup(network);
  const state = stateOf(network, groups, trained.parameters);
  const { compileOptions } = backend;
  const perSplit = splits.map(({ name, split: raw }) => {
    const split = preprocessedFor(trained.preparation, raw);
    const encoding = split.samples.values instanceof Float32Array ? "dense32" : trained.encoding;
    const { source, sources } = storeSplitFeatures(split, normalization, { name, encoding });
    const batches = divideIntoBatches(split.rows.length, EVALUATION_BATCH);
    const options = { network, loss, groups, normalization, source };
    const programsOf = (name: string, augment?: BatchPipeline["augment"]) =>
      compilePassPrograms(
        name,
        batches,
        (batch) => compileStep(evaluationStep({ ...options, augment, batch }), compileOptions),
      );
    const augmented = copies === undefined
      ? {}
      : programsOf(augmentedProgramName(name), rowAugmenter(copies, copies.seed, "evaluate"));
    const evaluating = programsOf(name);
    // observers read the same vectors, so they get their layouts: a program that does not read the output
    // layer could not know that its weights lie in panels
    const layouts: Layouts = Object.assign(
      {},
      ...Object.values(evaluating).map((each) => each.layouts),
    );
    const observing = observed.filter(({ samples }) => samples.name === name).map((each) =>
      compileObservation(
        { observer: each.observer, split: each.samples.split, outputs: each.evaluation.outputs },
        { ...options, samples: raw.samples },
        { ...compileOptions, layouts },
      )
    );
    return {
      programs: Object.assign(
        {},
        evaluating,
        augmented,
        ...observing.map(({ programs }) => programs),
      ),
      aliases: Object.assign({}, ...observing.map(({ aliases }) => aliases)),
      sources: Object.assign({}, sources, ...observing.map(({ sources }) => sources)),
      steps: batches.steps,
    };
  });
  const precomputed = copies && compilePrecomputation(copies, copies.seed);
  const programs: LoadedMachine["programs"] = Object.assign(
    {},
    ...perSplit.map(({ programs }) => programs),
    precomputed?.programs,
  );
  const machine = await backend.open({
    programs,
    aliases: Object.assign({}, precomputed?.aliases, ...perSplit.map(({ aliases }) => aliases)),
    sources: Object.assign({}, ...perSplit.map(({ sources }) => sources)),
    perStep: PER_STEP,
    steps: Math.max(...perSplit.map(({ steps }) => steps)),
    workers,
  });
  await runPrecomputation(machine, programs);
  writeState(machine, [...state.keys()], state);
  const constants = normalizationInputs(normalization, rawFeatureCount(trained));
  writeState(machine, [...constants.keys()], constants);
  return { machine, programs };
}
