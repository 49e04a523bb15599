/**
 * Learning rate and averaging weight of each step of a fit.
 *
 * @module
 */
import type { Checkpoint } from "../run/checkpoint.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import type { FitOptions } from "./options.ts";
import { scoresOf } from "./history.ts";
import type { Session } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";

/**
 * Returns the learning rate and the averaging weight of every step. With gradient accumulation several steps
 * make one update; schedules count updates. Schedules that depend on validation scores read those of the
 * latest checkpoint.
 */
export function settingsOf(
  { updates }: Pick<Session, "updates">,
  { epochs, learningRate, averaging }: Pick<FitOptions, "epochs" | "learningRate" | "averaging">,
  latest: () => Pick<Checkpoint, "history">,
): StepSettings {
  const run = { steps: updates.perEpoch * epochs, stepsPerEpoch: updates.perEpoch };
  let known:
    | { readonly of: Pick<Checkpoint, "history">; readonly scores: readonly ScoreRecord[] }
    | undefined;
  const scores = () => {
    const of = latest();
    if (known?.of === of) return known.scores;
    const counted = scoresOf(of.history).map((record) => ({
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
