/**
 * The history of a training: functions that add the results of steps, the scores of validations and the
 * records of epochs to it.
 *
 * @module
 */
import type { Checkpoint, History } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { Score, ScoreRecord } from "../evaluate/evaluation.ts";
import { appendSteps } from "../run/steps.ts";
import type { Batches } from "./batches.ts";
import type { StepResults, ValidationScores } from "./session.ts";

/**
 * Returns all score records of a history, those within epochs and those at their ends, in the order of steps.
 */
export function allScores(
  { epochs, within }: Pick<History, "epochs" | "within">,
): readonly ScoreRecord[] {
  return [...epochs.flatMap((epoch) => [...epoch.within ?? [], epoch]), ...within];
}

/**
 * Returns a history with the results and learning rates of further steps appended.
 *
 * @param stepsBefore number of steps in training before the first of these
 * @param rateOf returns the learning rate of a step, counted from 1 since the start of training
 */
export function appendStepResults(
  history: History,
  results: StepResults,
  stepsBefore: number,
  rateOf: (step: number) => number,
): History {
  const learningRate = Float32Array.from(
    results.loss,
    (_, index) => rateOf(stepsBefore + index + 1),
  );
  return { ...history, steps: appendSteps(history.steps, { ...results, learningRate }) };
}

/** Returns a checkpoint with the scores of a validation within an epoch added to its history. */
export function addScores(
  { position, state, history }: Checkpoint,
  validated: ValidationScores,
): Checkpoint {
  const record = { step: position.step, ...validated };
  return { position, state, history: { ...history, within: [...history.within, record] } };
}

/**
 * Adds the record of the epoch that ends at a checkpoint to its history. Returns the new checkpoint, whose
 * position is the start of the next epoch, and the record.
 *
 * @param validated scores of the validation at the end of the epoch; empty if there was none
 */
export function addEpochRecord(
  { position, state, history }: Checkpoint,
  batches: Batches,
  validated: Partial<ValidationScores>,
): { readonly checkpoint: Checkpoint; readonly record: EpochRecord } {
  const { epochs, within, steps } = history;
  const first = position.epoch * batches.steps;
  const record: EpochRecord = {
    epoch: position.epoch + 1,
    step: position.step,
    learningRate: steps.learningRate[position.step - 1],
    train: averageStepScores(batches, {
      loss: steps.loss.subarray(first),
      correct: steps.correct.subarray(first),
    }),
    ...validated,
    ...(within.length === 0 ? {} : { within }),
  };
  const checkpoint = {
    position: { ...position, epoch: position.epoch + 1 },
    state,
    history: { ...history, epochs: [...epochs, record], within: [] },
  };
  return { checkpoint, record };
}

/**
 * Computes mean loss and accuracy over the samples of the first steps of an epoch. The mean loss and the number
 * of right predictions of each of these steps are in `loss` and `correct`, which must not be empty.
 */
export function averageStepScores(
  { size, whole, rest }: Batches,
  { loss, correct }: Pick<StepResults, "loss" | "correct">,
): Score {
  let [losses, hits, samples] = [0, 0, 0];
  for (let index = 0; index < loss.length; index++) {
    const batch = index < whole ? size : rest;
    losses += loss[index] * batch;
    hits += correct[index];
    samples += batch;
  }
  return { loss: losses / samples, accuracy: hits / samples };
}
