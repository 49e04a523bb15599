/**
 * Fitting: epoch after epoch of training steps, with validation, records and checkpoints between.
 *
 * Everything that a step depends on is a pure function of the config, the epoch and the step, and of
 * the state; so a fit that goes on from a checkpoint takes the same steps as one that never stopped.
 *
 * @module
 */

import type { Checkpoint, History } from "../run/checkpoint.ts";
import type { EpochRecord, Score } from "../run/record.ts";
import { appendSteps, noSteps, type StepSeries } from "../run/steps.ts";
import type { Encoding } from "../tensor/mod.ts";
import { type Fault, faultText, findFault } from "./fault.ts";
import { oneGroup } from "./groups.ts";
import type { Trained } from "./infer.ts";
import type { Batches } from "./passes.ts";
import type { Schedule } from "./schedules/mod.ts";
import { openSession, type Session, type StepResults, type Training } from "./session.ts";
import { parametersOf, type StateValues } from "./state.ts";

/** What is to be fitted, for how long, and who is told. */
export interface FitOptions extends Omit<Training, "groups"> {
  /** Which parameters are updated together; all of them if not given. */
  readonly groups?: Training["groups"];
  /** Learning rate of each step. */
  readonly schedule: Schedule;
  /** Passes over the training part. */
  readonly epochs: number;
  /** Where to go on; from the start if there is none. */
  readonly from?: Checkpoint;
  /** When aborted, the fit ends after the current step. */
  readonly signal?: AbortSignal;
  /** Called when the first step is about to be taken, with a way to watch from then on. */
  readonly onStart?: (watch: () => Progress) => void;
  /** Called at the end of each epoch and after a stop; awaited before training goes on. */
  readonly onCheckpoint?: (checkpoint: Checkpoint, epoch?: EpochRecord) => Promise<void>;
}

/** How far a fit has come, while it runs. */
export interface Progress {
  /** The running epoch, from 1. */
  readonly epoch: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Steps taken since the start of training. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Steps taken since the fit was started or resumed. */
  readonly stepsTaken: number;
  /** Samples taken in them. */
  readonly samples: number;
  /** Score of the running epoch so far; undefined before its first step. */
  readonly train: Score | undefined;
  /** Learning rate of the last step. */
  readonly learningRate: number;
}

/** What a fit ends with. */
export interface Fitted {
  /** State, position and history at the end. */
  readonly checkpoint: Checkpoint;
  /** False if it was stopped before the last epoch was done. */
  readonly finished: boolean;
  /** The network with the parameters that it ends with, as {@link predict} asks it. */
  readonly trained: Trained;
}

/** Thrown when a number is no longer finite; holds the last state in which all were. */
export class DivergedError extends Error {
  /** The first operation that gave such a number. */
  readonly fault: Fault;
  /** The state before the step of the fault. */
  readonly lastGood: Checkpoint;

  /** Words the message. */
  constructor(fault: Fault, lastGood: Checkpoint) {
    super(faultText(fault));
    this.name = "DivergedError";
    this.fault = fault;
    this.lastGood = lastGood;
  }
}

/**
 * Fits a network.
 *
 * @throws {DivergedError} if a loss, a gradient or the state is not finite
 * @throws {RangeError} if the checkpoint is not of this training, or memory does not suffice
 * @throws {WorkerError} if a worker has failed or ended
 */
export async function fit(given: FitOptions): Promise<Fitted> {
  const options: Fit = { groups: oneGroup(given.network), ...given };
  const { epochs, schedule, signal, onCheckpoint } = options;
  await using session = await openSession(options);
  const perEpoch = session.batches.steps;
  const total = perEpoch * epochs;
  const rateOf = (step: number) =>
    schedule(step, { steps: total, stepsPerEpoch: perEpoch, scores: checkpoint.history.epochs });
  let checkpoint = await start(session, options);
  const stop = () => session.stop();
  signal?.addEventListener("abort", stop);
  try {
    options.onStart?.(() => watch(session, options, checkpoint.history.steps, rateOf));
    while (checkpoint.position.step < total && signal?.aborted !== true) {
      const { epoch, step } = checkpoint.position;
      session.prepare(epoch, rateOf);
      const from = step - epoch * perEpoch;
      const to = await session.run(from);
      const taken = session.results(from, to);
      const state = session.state();
      if (!isSound(taken, state)) {
        throw await diverged(options, checkpoint, { from, taken, rateOf });
      }
      const history = append(checkpoint.history, taken, step, rateOf);
      checkpoint = { position: { epoch, step: step + to - from }, state, history };
      const record = to === perEpoch ? await endEpoch(session, options, checkpoint) : undefined;
      if (record !== undefined) checkpoint = withEpoch(checkpoint, record);
      await onCheckpoint?.(checkpoint, record);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  const finished = checkpoint.position.step === total;
  return { checkpoint, finished, trained: trainedOf(options, session.encoding, checkpoint) };
}

/** {@link FitOptions} with the parameters in groups. */
type Fit = FitOptions & Training;

function trainedOf(
  { network, loss, normalization, groups }: Fit,
  encoding: Encoding,
  { state }: Checkpoint,
): Trained {
  return { network, loss, normalization, encoding, parameters: parametersOf(groups, state) };
}

/** The state to begin with: drawn from the seed, or that of the checkpoint. */
async function start(session: Session, { from, epochs }: Fit): Promise<Checkpoint> {
  if (from === undefined) {
    await session.initialize();
    return {
      position: { epoch: 0, step: 0 },
      state: session.state(),
      history: { epochs: [], steps: noSteps() },
    };
  }
  const { epoch, step } = from.position;
  const least = epoch * session.batches.steps;
  const most = epoch < epochs ? least + session.batches.steps - 1 : least;
  if (epoch > epochs || step < least || step > most) {
    throw new RangeError(
      `Cannot go on: expected a step of the ${session.batches.steps} in each of ${epochs} epochs: ` +
        `received step ${step} after ${epoch} epochs`,
    );
  }
  session.restore(from.state);
  return from;
}

/**
 * Whether losses, gradients and the state after them are finite. The state counts by itself: the
 * last update of all is followed by no loss that could tell.
 */
function isSound({ loss, gradientNorm }: StepResults, state: StateValues): boolean {
  return [loss, gradientNorm, ...state.values()].every(isFiniteVector);
}

function isFiniteVector(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function append(
  { epochs, steps }: History,
  taken: StepResults,
  step: number,
  rateOf: (step: number) => number,
): History {
  const learningRate = Float32Array.from(taken.loss, (_, index) => rateOf(step + index + 1));
  return { epochs, steps: appendSteps(steps, { ...taken, learningRate }) };
}

async function endEpoch(
  session: Session,
  { validation }: Fit,
  { position, history: { steps } }: Checkpoint,
): Promise<EpochRecord> {
  const first = position.epoch * session.batches.steps;
  return {
    epoch: position.epoch + 1,
    step: position.step,
    learningRate: steps.learningRate[position.step - 1] as number,
    train: scoreOfSteps(session.batches, {
      loss: steps.loss.subarray(first),
      correct: steps.correct.subarray(first),
    }),
    ...(validation === undefined ? {} : { validation: await session.validate() }),
  };
}

/** Mean loss and accuracy over the samples of some steps of an epoch, from its first on. */
function scoreOfSteps(
  { size, whole, rest }: Session["batches"],
  { loss, correct }: Pick<StepResults, "loss" | "correct">,
): Score {
  let [losses, hits, samples] = [0, 0, 0];
  for (let index = 0; index < loss.length; index++) {
    const batch = index < whole ? size : rest;
    losses += (loss[index] as number) * batch;
    hits += correct[index] as number;
    samples += batch;
  }
  return { loss: losses / samples, accuracy: hits / samples };
}

function withEpoch({ position, state, history }: Checkpoint, record: EpochRecord): Checkpoint {
  return {
    position: { ...position, epoch: position.epoch + 1 },
    state,
    history: { ...history, epochs: [...history.epochs, record] },
  };
}

/** @param recorded what is in the history already; results of later steps are in the session */
function watch(
  session: Session,
  { epochs, from }: Fit,
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
    samples: samplesOf(batches, step) - samplesOf(batches, earlier),
    train: step === first ? undefined : scoreOfSteps(batches, {
      loss: Float32Array.of(...recorded.loss.subarray(first), ...taken.loss),
      correct: Float32Array.of(...recorded.correct.subarray(first), ...taken.correct),
    }),
    learningRate: rateOf(Math.max(1, step)),
  };
}

/** Samples of so many steps since the start of training. */
function samplesOf({ size, whole, rest, steps }: Batches, step: number): number {
  const inEpoch = step % steps;
  return (step - inEpoch) / steps * (size * whole + rest) + inEpoch * size;
}

/** Says what went wrong, and what the state was before. */
async function diverged(
  options: Fit,
  checkpoint: Checkpoint,
  { from, taken, rateOf }: {
    readonly from: number;
    readonly taken: StepResults;
    readonly rateOf: (step: number) => number;
  },
): Promise<DivergedError> {
  const bad = taken.loss.findIndex((loss, index) =>
    !Number.isFinite(loss) || !Number.isFinite(taken.gradientNorm[index])
  );
  const suspect = from + (bad < 0 ? taken.loss.length - 1 : bad); // if no result is bad, the state is
  const found = await findFault(options, checkpoint, { from, bad: suspect, rateOf });
  const kept = found.step - checkpoint.position.step - 1;
  const good: StepResults = {
    loss: taken.loss.slice(0, kept),
    correct: taken.correct.slice(0, kept),
    gradientNorm: taken.gradientNorm.slice(0, kept),
  };
  return new DivergedError(found, {
    position: { epoch: checkpoint.position.epoch, step: checkpoint.position.step + kept },
    state: found.before,
    history: append(checkpoint.history, good, checkpoint.position.step, rateOf),
  });
}
