/**
 * The training loop: runs steps epoch by epoch, and validates, records and checkpoints between them.
 *
 * Every step is a pure function of the config, the epoch, the step number, the state and the scores so
 * far. So a fit that resumes from a checkpoint takes the same steps as one that was never interrupted.
 *
 * @module
 */
import { type Checkpoint, emptyHistory, type TrainingHistory } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { Observations } from "../run/observations.ts";
import { concatenateFloats, type StepSeries } from "../run/steps.ts";
import { bestCheckpointKeeper } from "./best_checkpoint.ts";
import {
  expectBatchSizesAccepted,
  expectCheckpointPosition,
  expectMetricsComputed,
} from "./checks.ts";
import { type Fault, findFault, formatFault } from "./fault.ts";
import {
  addEpochRecord,
  addScores,
  allScores,
  appendStepResults,
  averageStepScores,
} from "./history.ts";
import type { Trained } from "./inference/trained.ts";
import { createCheckpointObserver, observeTrained } from "./observation/record.ts";
import type { FitOptions, Progress } from "./options.ts";
import type { Batches } from "./batches.ts";
import { openSession, type Session, type StepResults, type Training } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";
import { createStepSettings } from "./settings.ts";
import { parametersOf, replaceParameters, type StateValues } from "./state.ts";
import { isFiniteVector } from "../tensor/math/math.ts";
import { averageName } from "./step/options.ts";
import { shouldStopEarly } from "./early_stopping.ts";
import { defined } from "../config/defined.ts";

/** The result of a fit. */
export interface Fitted {
  /** Scores of every epoch, and loss, learning rate and other results of every step. */
  readonly history: TrainingHistory;
  /** State, position and history at the end of the fit. */
  readonly checkpoint: Checkpoint;
  /**
   * Whether all epochs were trained or early stopping ended training; false if the fit's signal stopped it.
   */
  readonly finished: boolean;
  /**
   * The trained network, as {@link predict} needs it. Its weights are those after the last step, or after the
   * best step if early stopping restores them. With averaging, they are the averaged weights of that step.
   */
  readonly trained: Trained;
  /** The network with the weights of the same step that are not averaged; undefined without averaging. */
  readonly raw?: Trained;
  /** Values that observers stored, during training and of the trained network. */
  readonly observations: Observations;
}

/**
 * An error thrown when a loss, a gradient or a part of the state is no longer finite. It contains the last
 * checkpoint in which all numbers were finite.
 */
export class DivergedError extends Error {
  /** The first operation whose result was not finite. */
  readonly fault: Fault;
  /** The checkpoint before the step of the fault. */
  readonly lastGood: Checkpoint;

  /** Creates the error; its message says where training diverged, and the remedy. */
  constructor(fault: Fault, lastGood: Checkpoint) {
    super(formatFault(fault));
    this.name = "DivergedError";
    this.fault = fault;
    this.lastGood = lastGood;
  }
}

/**
 * Trains a network, until all epochs are trained, early stopping ends training, or the signal aborts.
 *
 * @throws {DivergedError} if a loss, a gradient or the state is not finite
 * @throws {RangeError} if the checkpoint belongs to another training, memory does not suffice, or a
 *   monitored metric is never computed
 * @throws {WorkerError} if a worker fails or ends
 */
export function fit(options: FitOptions): Promise<Fitted> {
  return fitWithSession(options, openSession);
}

/**
 * Trains a network as {@linkcode fit} does, in the session that `open` returns. A profile, for example, opens
 * a session that measures times.
 */
export async function fitWithSession(
  options: FitOptions,
  open: (training: Training) => Promise<Session>,
): Promise<Fitted> {
  expectMetricsComputed(options);
  expectBatchSizesAccepted(options);
  const { signal, onEpoch, onCheckpoint } = options;
  await using session = await open(options);
  const { steps: perEpoch } = session.batches;
  const total = perEpoch * options.epochs;
  const observe = createCheckpointObserver(session, options);
  let checkpoint = await observe(await initializeOrResume(session, options), false);
  const settings = createStepSettings(session, options, () => checkpoint);
  const best = bestCheckpointKeeper(options);
  const isDone = () => isTrainingFinished(options, total, checkpoint);
  const isStopped = () => session.isStopped();
  const stop = () => session.stop();
  let isRequested = false;
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  try {
    options.onStart?.({
      progress: () => computeProgress(session, options, checkpoint.history.steps, settings.rateOf),
      requestCheckpoint() {
        isRequested = true;
        session.pause();
      },
    });
    while (!isDone() && !isStopped()) {
      const { epoch, step } = checkpoint.position;
      session.prepare(epoch, settings);
      const from = step - epoch * perEpoch;
      const to = await session.run(from, nextPauseStep(options, step, perEpoch));
      const taken = session.results(from, to);
      const state = session.state();
      if (!areFinite(taken, state)) {
        throw await createDivergedError(options, checkpoint, { from, taken, settings });
      }
      const history = appendStepResults(checkpoint.history, taken, step, settings.rateOf);
      checkpoint = { position: { epoch, step: step + to - from }, state, history };
      const scored = await addDueScores(session, options, checkpoint);
      checkpoint = await observe(
        scored.checkpoint,
        isTrainingFinished(options, total, scored.checkpoint),
      );
      if (scored.record !== undefined) await onEpoch?.(scored.record);
      await best.offer(checkpoint);
      const isKept = scored.record !== undefined || isRequested || isStopped() || isDone();
      if (!isKept) continue;
      isRequested = false;
      await onCheckpoint?.(checkpoint, scored.record);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  const chosen = trainedNetworks(options, session, best.restored() ?? checkpoint);
  const { observers = [] } = options;
  const { epochs, steps, observations } = checkpoint.history;
  return {
    history: { epochs, steps },
    checkpoint,
    finished: isDone(),
    ...chosen,
    observations: observeTrained(observers, chosen.trained, observations),
  };
}

/** Returns whether all steps have been taken, or early stopping ends training. */
function isTrainingFinished(
  { earlyStopping }: FitOptions,
  totalSteps: number,
  { position, history }: Checkpoint,
): boolean {
  if (position.step === totalSteps) return true;
  return earlyStopping !== undefined && shouldStopEarly(allScores(history), earlyStopping);
}

/**
 * Returns the step before which training pauses next, for a validation or at the end of the epoch. The step is
 * counted from 0 in the current epoch.
 *
 * @param stepsTaken number of steps since the start of training
 */
function nextPauseStep(
  { validateEvery }: FitOptions,
  stepsTaken: number,
  stepsPerEpoch: number,
): number {
  const inEpoch = stepsTaken % stepsPerEpoch;
  if (validateEvery === undefined || "epochs" in validateEvery) return stepsPerEpoch;
  return Math.min(stepsPerEpoch, inEpoch + validateEvery.steps - stepsTaken % validateEvery.steps);
}

/**
 * Validates the network if a validation is due at a checkpoint's step, and adds the scores to the
 * checkpoint's history. At the end of an epoch, also adds the record of the epoch and returns it.
 */
async function addDueScores(
  session: Session,
  { validation, validateEvery = { epochs: 1 }, epochs }: FitOptions,
  checkpoint: Checkpoint,
): Promise<{ readonly checkpoint: Checkpoint; readonly record?: EpochRecord }> {
  const { batches } = session;
  const { step } = checkpoint.position;
  const isEpochEnd = step === (checkpoint.position.epoch + 1) * batches.steps;
  const isDue = "steps" in validateEvery
    ? step % validateEvery.steps === 0
    : isEpochEnd && step / batches.steps % validateEvery.epochs === 0;
  const isLast = step === epochs * batches.steps;
  const validates = validation !== undefined && (isDue || isLast);
  const validated = validates ? await session.validate() : undefined;
  if (isEpochEnd) return addEpochRecord(checkpoint, batches, validated ?? {});
  return { checkpoint: validated === undefined ? checkpoint : addScores(checkpoint, validated) };
}

/**
 * Returns the trained network with the weights of a checkpoint. With averaging, `trained` has the averaged
 * weights, and `raw` those of the last step. Without averaging, `raw` is missing.
 */
function trainedNetworks(
  { network, loss, normalization, averaging, train: { samples } }: FitOptions,
  { groups, encoding }: Session,
  { state }: Checkpoint,
): Pick<Fitted, "trained" | "raw"> {
  const { shape, prepared, encoded } = samples;
  const of = (named?: (name: string) => string): Trained => ({
    network,
    loss,
    normalization,
    encoding,
    shape,
    ...defined({ preparation: prepared?.preparation, table: encoded }),
    parameters: parametersOf({ network, groups }, state, named),
  });
  return averaging === undefined ? { trained: of() } : { trained: of(averageName), raw: of() };
}

/**
 * Initializes the state of a session, and returns it as a checkpoint. The state is that of the checkpoint
 * `from` or, without one, random by the seed; parameters in `initial` replace the random ones.
 */
async function initializeOrResume(session: Session, options: FitOptions): Promise<Checkpoint> {
  const { from, epochs, initial, network } = options;
  if (from === undefined) {
    await session.initialize();
    if (initial !== undefined) {
      session.restore(
        replaceParameters({ network, groups: session.groups }, session.state(), initial),
      );
    }
    return { position: { epoch: 0, step: 0 }, state: session.state(), history: emptyHistory() };
  }
  expectCheckpointPosition(from, session.batches, epochs);
  session.restore(from.state);
  return from;
}

/**
 * Returns whether all losses, gradient norms and state tensors are finite. The state is checked too, because
 * no loss is computed after the last update.
 */
function areFinite({ loss, gradientNorm }: StepResults, state: StateValues): boolean {
  return [loss, gradientNorm, ...state.values()].every(isFiniteVector);
}

/**
 * Returns the progress of a running fit.
 *
 * @param recorded results of the steps that are in the history; the session has the results of later steps
 * @param rateOf returns the learning rate of a step, counted from 1 since the start of training
 */
function computeProgress(
  session: Session,
  { epochs, from }: FitOptions,
  recorded: StepSeries,
  rateOf: (step: number) => number,
): Progress {
  const { batches } = session;
  const { epoch, step } = session.position();
  const first = epoch * batches.steps;
  const taken = session.results(Math.max(0, recorded.loss.length - first), step - first);
  const earlier = from?.position.step ?? 0;
  return {
    epoch: epoch + 1,
    epochs,
    step,
    steps: batches.steps * epochs,
    stepsTaken: step - earlier,
    samples: samplesProcessed(batches, step) - samplesProcessed(batches, earlier),
    train: step === first ? undefined : averageStepScores(batches, {
      loss: concatenateFloats(recorded.loss.subarray(first), taken.loss),
      correct: concatenateFloats(recorded.correct.subarray(first), taken.correct),
    }),
    learningRate: rateOf(Math.max(1, step)),
  };
}

/** Returns the number of samples in the first `stepsTaken` steps of a training. */
function samplesProcessed({ size, whole, rest, steps }: Batches, stepsTaken: number): number {
  const inEpoch = stepsTaken % steps;
  return (stepsTaken - inEpoch) / steps * (size * whole + rest) + inEpoch * size;
}

/**
 * Finds the fault among the steps since a checkpoint, of which not all results are finite. Returns the error
 * to throw, with the checkpoint before the step of the fault.
 *
 * @param steps results (`taken`) and settings of the steps; `from` is the first of them, counted from 0 in its
 *   epoch
 */
async function createDivergedError(
  options: FitOptions,
  checkpoint: Checkpoint,
  { from, taken, settings }: {
    readonly from: number;
    readonly taken: StepResults;
    readonly settings: StepSettings;
  },
): Promise<DivergedError> {
  const bad = taken.loss.findIndex((loss, index) =>
    !Number.isFinite(loss) || !Number.isFinite(taken.gradientNorm[index])
  );
  const suspect = from + (bad < 0 ? taken.loss.length - 1 : bad); // if all results are finite, the state is not
  const fault = await findFault(options, checkpoint, { from, bad: suspect, settings });
  const kept = fault.step - checkpoint.position.step - 1;
  const good: StepResults = {
    loss: taken.loss.slice(0, kept),
    correct: taken.correct.slice(0, kept),
    gradientNorm: taken.gradientNorm.slice(0, kept),
  };
  return new DivergedError(fault, {
    position: { epoch: checkpoint.position.epoch, step: checkpoint.position.step + kept },
    state: fault.before,
    history: appendStepResults(checkpoint.history, good, checkpoint.position.step, settings.rateOf),
  });
}
