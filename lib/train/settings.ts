/**
 * Learning rate and averaging weight of each step of a fit.
 *
 * @module
 */
import type { Checkpoint } from "../run/checkpoint.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import type { FitOptions } from "./options.ts";
import { allScores } from "./history.ts";
import type { Session } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";

/**
 * Returns functions that compute the learning rate and the averaging weight of a step; the weight is 0 without
 * averaging. With gradient accumulation, several steps make one update, and schedules count updates. Schedules
 * that depend on scores read them from the history of the checkpoint that `latestCheckpoint` returns.
 */
export function createStepSettings(
  { updates }: Pick<Session, "updates">,
  { epochs, learningRate, averaging }: Pick<FitOptions, "epochs" | "learningRate" | "averaging">,
  latestCheckpoint: () => Pick<Checkpoint, "history">,
): StepSettings {
  const run = { steps: updates.perEpoch * epochs, stepsPerEpoch: updates.perEpoch };
  let known:
    | { readonly of: Pick<Checkpoint, "history">; readonly scores: readonly ScoreRecord[] }
    | undefined;
  const scores = () => {
    const of = latestCheckpoint();
    if (known?.of === of) return known.scores;
    const counted = allScores(of.history).map((record) => ({
      ...record,
      step: updates.numberOf(record.step),
    }));
    known = { of, scores: counted };
    return counted;
  };
  return {
    rateOf: (step) => learningRate(updates.numberOf(step), { ...run, scores: scores() }),
    averageWeightOf: (step) => averaging?.(updates.numberOf(step), run) ?? 0,
  };
}
