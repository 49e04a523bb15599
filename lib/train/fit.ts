/**
 * The training loop: runs steps epoch by epoch, and validates, records and checkpoints between them.
 *
 * Every step is a pure function of the config, the epoch, the step number, the state and the scores so
 * far. So a fit that resumes from a checkpoint takes the same steps as one that was never interrupted.
 *
 * @module
 */
import { type Checkpoint, noHistory, type TrainingHistory } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { Observations } from "../run/observations.ts";
import { concatenateFloats, type StepSeries } from "../run/steps.ts";
import { bestKeeper } from "./best_checkpoint.ts";
import { expectBatches, expectPosition, expectScores } from "./checks.ts";
import { type Fault, faultText, findFault } from "./fault.ts";
import { scoreOfSteps, scoresOf, withEpoch, withScores, withSteps } from "./history.ts";
import type { Trained } from "./inference/trained.ts";
import { observeTrained, observing } from "./observation/record.ts";
import type { FitOptions, Progress } from "./options.ts";
import type { Batches } from "./batches.ts";
import { openSession, type Session, type StepResults, type Training } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";
import { settingsOf } from "./settings.ts";
import { parametersOf, type StateValues, withParameters } from "./state.ts";
import { isFiniteVector } from "../tensor/math/math.ts";
import { averageName } from "./step/options.ts";
import { isOver } from "./early_stopping.ts";
import { defined } from "../config/defined.ts";

/** The result of a fit. */
export interface Fitted {
  /** Scores of every epoch, and the results of every step. */
  readonly history: TrainingHistory;
  /** State, position and history at the end. */
  readonly checkpoint: Checkpoint;
  /** Whether training ended by itself; false if it was stopped. */
  readonly finished: boolean;
  /**
   * The network for {@link predict}. It has the weights after the last step, or after the best one if
   * early stopping restores it; where averages are kept, it has the averaged weights of that step.
   */
  readonly trained: Trained;
  /** The same network with the weights that were not averaged; only where averages are kept. */
  readonly raw?: Trained;
  /** Values that observers stored during training, and of the trained network. */
  readonly observations: Observations;
}

/** An error thrown when a number is no longer finite; holds the last state in which all were. */
export class DivergedError extends Error {
  /** The first operation whose result was not finite. */
  readonly fault: Fault;
  /** The checkpoint before the step of the fault. */
  readonly lastGood: Checkpoint;

  /** Creates the error; its message says where training diverged, and the remedy. */
  constructor(fault: Fault, lastGood: Checkpoint) {
    super(faultText(fault));
    this.name = "DivergedError";
    this.fault = fault;
    this.lastGood = lastGood;
  }
}

/**
 * Trains a network.
 *
 * @throws {DivergedError} if a loss, a gradient or the state is not finite
 * @throws {RangeError} if the checkpoint belongs to another training, memory does not suffice, or a
 *   monitored metric is never computed
 * @throws {WorkerError} if a worker fails or ends
 */
export function fit(options: FitOptions): Promise<Fitted> {
  return fitIn(options, openSession);
}

/** Trains a network as {@linkcode fit} does, in a session that `open` opens: for example a timed one. */
export async function fitIn(
  options: FitOptions,
  open: (training: Training) => Promise<Session>,
): Promise<Fitted> {
  expectScores(options);
  expectBatches(options);
  const { signal, onEpoch, onCheckpoint } = options;
  await using session = await open(options);
  const { steps: perEpoch } = session.batches;
  const total = perEpoch * options.epochs;
  const observe = observing(session, options);
  let checkpoint = await observe(await start(session, options), false);
  const settings = settingsOf(session, options, () => checkpoint);
  const best = bestKeeper(options);
  const isDone = () => isFinished(options, total, checkpoint);
  const isStopped = () => session.isStopped();
  const stop = () => session.stop();
  let isRequested = false;
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  try {
    options.onStart?.({
      progress: () => progressOf(session, options, checkpoint.history.steps, settings.rateOf),
      requestCheckpoint() {
        isRequested = true;
        session.pause();
      },
    });
    while (!isDone() && !isStopped()) {
      const { epoch, step } = checkpoint.position;
      session.prepare(epoch, settings);
      const from = step - epoch * perEpoch;
      const to = await session.run(from, nextPause(options, step, perEpoch));
      const taken = session.results(from, to);
      const state = session.state();
      if (!areFinite(taken, state)) {
        throw await divergedError(options, checkpoint, { from, taken, settings });
      }
      const history = withSteps(checkpoint.history, taken, step, settings.rateOf);
      checkpoint = { position: { epoch, step: step + to - from }, state, history };
      const scored = await score(session, options, checkpoint);
      checkpoint = await observe(scored.checkpoint, isFinished(options, total, scored.checkpoint));
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
  const chosen = trainedOf(options, session, best.restored() ?? checkpoint);
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

/** Returns whether all steps are taken, or early stopping ends training. */
function isFinished(
  { earlyStopping }: FitOptions,
  total: number,
  { position, history }: Checkpoint,
): boolean {
  if (position.step === total) return true;
  return earlyStopping !== undefined && isOver(scoresOf(history), earlyStopping);
}

/** Returns the step of the running epoch before which training pauses next: for validation, or its end. */
function nextPause({ validateEvery }: FitOptions, step: number, perEpoch: number): number {
  const inEpoch = step % perEpoch;
  if (validateEvery === undefined || "epochs" in validateEvery) return perEpoch;
  return Math.min(perEpoch, inEpoch + validateEvery.steps - step % validateEvery.steps);
}

/** Adds to a checkpoint the scores that are due at its step, and the epoch's record if it has ended. */
async function score(
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
  if (isEpochEnd) return withEpoch(checkpoint, batches, validated ?? {});
  return { checkpoint: validated === undefined ? checkpoint : withScores(checkpoint, validated) };
}

/** Returns the trained network of a checkpoint; with averaging, averaged and raw. */
function trainedOf(
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

/** Sets the initial state: random by the seed, with `initial` parameters, or that of the checkpoint. */
async function start(session: Session, options: FitOptions): Promise<Checkpoint> {
  const { from, epochs, initial, network } = options;
  if (from === undefined) {
    await session.initialize();
    if (initial !== undefined) {
      session.restore(
        withParameters({ network, groups: session.groups }, session.state(), initial),
      );
    }
    return { position: { epoch: 0, step: 0 }, state: session.state(), history: noHistory() };
  }
  expectPosition(from, session.batches, epochs);
  session.restore(from.state);
  return from;
}

/**
 * Returns whether losses, gradients and the state after them are finite. The state has to be checked
 * too, since no loss follows the last update.
 */
function areFinite({ loss, gradientNorm }: StepResults, state: StateValues): boolean {
  return [loss, gradientNorm, ...state.values()].every(isFiniteVector);
}

/**
 * Returns the progress of a running fit.
 *
 * @param recorded results of the steps in the history; those of later steps are in the session
 */
function progressOf(
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
    train: step === first ? undefined : scoreOfSteps(batches, {
      loss: concatenateFloats(recorded.loss.subarray(first), taken.loss),
      correct: concatenateFloats(recorded.correct.subarray(first), taken.correct),
    }),
    learningRate: rateOf(Math.max(1, step)),
  };
}

/** Returns the number of samples in all steps since the start of training. */
function samplesProcessed({ size, whole, rest, steps }: Batches, stepsTaken: number): number {
  const inEpoch = stepsTaken % steps;
  return (stepsTaken - inEpoch) / steps * (size * whole + rest) + inEpoch * size;
}

/** Finds the fault among steps that were taken from `checkpoint`, and returns the error to throw. */
async function divergedError(
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
    history: withSteps(checkpoint.history, good, checkpoint.position.step, settings.rateOf),
  });
}
