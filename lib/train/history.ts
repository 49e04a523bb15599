/**
 * Histories of training: adds the results of steps, scores and epochs to a checkpoint's history.
 *
 * @module
 */
import type { Checkpoint, History } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { Score, ScoreRecord } from "../evaluate/evaluation.ts";
import { appendSteps } from "../run/steps.ts";
import type { Batches } from "./batches.ts";
import type { StepResults, Validated } from "./session.ts";

/** Returns all scores of a history, in the order of their steps. */
export function scoresOf(
  { epochs, within }: Pick<History, "epochs" | "within">,
): readonly ScoreRecord[] {
  return [...epochs.flatMap((epoch) => [...epoch.within ?? [], epoch]), ...within];
}

/** Appends the results of steps to a history; the first of them is step number `step` + 1. */
export function withSteps(
  history: History,
  taken: StepResults,
  step: number,
  rateOf: (step: number) => number,
): History {
  const learningRate = Float32Array.from(taken.loss, (_, index) => rateOf(step + index + 1));
  return { ...history, steps: appendSteps(history.steps, { ...taken, learningRate }) };
}

/** Adds scores within an epoch to a checkpoint's history. */
export function withScores(
  { position, state, history }: Checkpoint,
  validated: Validated,
): Checkpoint {
  const record = { step: position.step, ...validated };
  return { position, state, history: { ...history, within: [...history.within, record] } };
}

/** Adds the record of the epoch that ends at a checkpoint; returns both. */
export function withEpoch(
  { position, state, history }: Checkpoint,
  batches: Batches,
  validated: Partial<Validated>,
): { readonly checkpoint: Checkpoint; readonly record: EpochRecord } {
  const { epochs, within, steps } = history;
  const first = position.epoch * batches.steps;
  const record: EpochRecord = {
    epoch: position.epoch + 1,
    step: position.step,
    learningRate: steps.learningRate[position.step - 1],
    train: scoreOfSteps(batches, {
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

/** Computes mean loss and accuracy over the samples of an epoch's first steps. */
export function scoreOfSteps(
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
