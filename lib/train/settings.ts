/**
 * What each step of a fit depends on besides the state and its rows.
 *
 * @module
 */
import type { Checkpoint } from "../run/checkpoint.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import type { FitOptions } from "./options.ts";
import { scoresOf } from "./history.ts";
import type { Session } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";

/** What steps depend on, by the scores in the checkpoint that training has come to. */
export function settingsOf(
  { updates }: Session,
  { epochs, learningRate, averaging }: FitOptions,
  reached: () => Checkpoint,
): StepSettings {
  const run = { steps: updates.perEpoch * epochs, stepsPerEpoch: updates.perEpoch };
  let known: { readonly of: Checkpoint; readonly scores: readonly ScoreRecord[] } | undefined;
  const scores = () => {
    const of = reached();
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
